import { Envelope } from "@cascade/contracts";
import { MalformedEventError, quoted } from "./errors.ts";
import { checkCharacters } from "./header-value.ts";
import { essenceOf, isJson } from "./media-type.ts";

export type AttributeName = keyof Envelope;

/** The attributes as a message states them, before anybody has checked them. */
export type Attributes = Partial<Record<AttributeName, string>>;

/** The attributes that we keep. Others are legal extensions: they are tolerated, and dropped. */
export const attributeNames: readonly AttributeName[] = Envelope.keyof().options;

const isAttributeName = new Set<string>(attributeNames);

export function isKnownAttribute(name: string): name is AttributeName {
  return isAttributeName.has(name);
}

/** Turns attributes into an envelope, together with what the NATS subject says about them. */
export function envelopeFrom(attributes: Attributes, natsSubject: string): Envelope {
  demandAttributes(attributes);
  const separator = natsSubject.lastIndexOf(".");
  const type = natsSubject.slice(0, Math.max(separator, 0));
  const pipeline = natsSubject.slice(separator + 1);
  const { subject = pipeline } = attributes;
  demandAgreement("type", attributes.type, type, natsSubject);
  demandAgreement("subject", subject, pipeline, natsSubject);
  demandJsonData(attributes.datacontenttype);

  const result = Envelope.safeParse({ ...attributes, subject });
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ");
  throw new MalformedEventError(
    "EVENT_ATTRIBUTE_INVALID",
    `The event's attributes are not as CloudEvents and the contracts demand: ${problems}. Correct them and publish again.`,
    { cause: result.error },
  );
}

function demandAttributes(attributes: Attributes): void {
  for (const name of ["specversion", "id", "source", "type"] as const) {
    if (attributes[name] !== undefined) continue;
    throw new MalformedEventError(
      "EVENT_ATTRIBUTE_MISSING",
      `The event has no ${name}. Send it as the header ce-${name}, or as a field of a structured CloudEvent.`,
    );
  }
  if (attributes.specversion !== "1.0") {
    throw new MalformedEventError(
      "EVENT_SPECVERSION_UNSUPPORTED",
      `The event has specversion ${quoted(attributes.specversion ?? "")}. Send CloudEvents 1.0.`,
    );
  }
  for (const [name, value] of Object.entries(attributes)) checkCharacters(name, value);
}

/** Who may publish is decided by the subject, so an event must not claim to be another one inside. */
function demandAgreement(
  name: "type" | "subject",
  claimed: string | undefined,
  actual: string,
  natsSubject: string,
): void {
  if (claimed === actual) return;
  throw new MalformedEventError(
    "EVENT_SUBJECT_MISMATCH",
    `The event's ${name} is ${quoted(claimed ?? "")}, but it was published on ${quoted(natsSubject)}. Publish on <type>.<subject>.`,
  );
}

function demandJsonData(dataContentType: string | undefined): void {
  if (dataContentType === undefined || isJson(essenceOf(dataContentType))) return;
  throw new MalformedEventError(
    "EVENT_CONTENT_TYPE_UNSUPPORTED",
    `The data is ${quoted(dataContentType)}. Send JSON with datacontenttype application/json.`,
  );
}
