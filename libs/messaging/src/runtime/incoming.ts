import { type AnyEventDefinition, definitionOfType } from "@cascade/contracts";
import { z } from "zod";
import type { CloudEvent } from "../codec/cloud-event.ts";
import { Reject } from "../errors.ts";
import type { Incoming } from "../reaction.ts";

/** Thrown for an event of a version newer than this build knows: it is parked, not lost. */
export class UnsupportedVersion extends Error {
  readonly code = "EVENT_VERSION_UNSUPPORTED";

  constructor(type: string, newest: string) {
    super(
      `${type} is newer than ${newest}, the newest version this service understands; upgrade the service.`,
    );
    this.name = "UnsupportedVersion";
  }
}

/** Checks an event against its contract and converts it to the version a reaction was written for. */
export function readAs(definition: AnyEventDefinition, event: CloudEvent): Incoming<unknown> {
  const { envelope } = event;
  checkSender(definition, envelope.source, envelope.type);
  return {
    id: envelope.id,
    type: envelope.type,
    pipeline: envelope.subject,
    data: dataAs(definition, envelope.type, event.data),
    correlationId: envelope.correlationid ?? envelope.id,
    source: envelope.source,
    ...(envelope.traceparent === undefined ? {} : { traceparent: envelope.traceparent }),
  };
}

function dataAs(definition: AnyEventDefinition, type: string, data: unknown): unknown {
  if (type === definition.type) return checked(definition, data);
  if (definition.previous !== undefined) {
    const upcast = definition.previous.upcast as (old: unknown) => unknown;
    if (versionOf(type) < definition.version)
      return upcast(dataAs(definition.previous.definition, type, data));
  }
  if (versionOf(type) > definition.version) throw new UnsupportedVersion(type, definition.type);
  throw new Reject(
    "EVENT_TYPE_UNKNOWN",
    `${type} is no version of ${definition.type} that is still supported.`,
  );
}

function versionOf(type: string): number {
  return Number(/\.v(\d+)$/.exec(type)?.[1] ?? Number.NaN);
}

function checked(definition: AnyEventDefinition, data: unknown): unknown {
  const result = definition.schema.safeParse(data);
  if (result.success) return result.data;
  throw new Reject(
    "EVENT_INVALID",
    `The data of ${definition.type} break its contract: ${z.prettifyError(result.error)}. ` +
      "Correct the sender; the schema is in contracts/schemas.",
  );
}

/** An event of a service is believed only where it names that service as its source, and no outsider may. */
function checkSender(definition: AnyEventDefinition, source: string, type: string): void {
  const owner = (definitionOfType(type) ?? definition).owner;
  if (owner === "outside" || owner === "operator" ? !source.startsWith("/services/") : true) {
    if (owner === "outside" || owner === "operator" || owner === "runtime") return;
    if (source === `/services/${owner}`) return;
  }
  throw new Reject("EVENT_SOURCE_FORGED", `${type} may not come from ${source.slice(0, 200)}.`);
}
