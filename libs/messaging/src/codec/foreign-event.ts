import { createHash } from "node:crypto";
import { definitionOfType } from "@cascade/contracts";
import { envelopeFrom } from "./attributes.ts";
import type { CloudEvent, RawMessage } from "./cloud-event.ts";
import { parseEventJson } from "./event-json.ts";
import { contentModeOf } from "./media-type.ts";
import type { MessageHeaders } from "./read-headers.ts";

/**
 * The event that a message without any attribute is, where the definition of its subject's events says how systems
 * that know nothing of CloudEvents send it. Its id follows from what it says: the same twice is the same event.
 */
export function foreignEvent(
  { payload, subject }: RawMessage,
  headers: MessageHeaders,
  depthMax: number,
): CloudEvent | undefined {
  if (Object.keys(headers.attributes).length > 0 || contentModeOf(headers.contentType) !== "binary") return;
  const type = subject.slice(0, Math.max(subject.lastIndexOf("."), 0));
  const definition = definitionOfType(type);
  if (definition?.foreign === undefined) return;
  const data = parseEventJson(payload, depthMax);
  const read = definition.schema.safeParse(data);
  // What is not as it must be is refused by its contract later, like any other event, and told apart by its bytes.
  const identity = read.success ? definition.foreign.identityOf(read.data) : payload;
  const id = createHash("sha256").update(subject).update("\0").update(identity).digest("hex");
  const { source } = definition.foreign;
  return { envelope: envelopeFrom({ specversion: "1.0", id, type, source }, subject), data };
}
