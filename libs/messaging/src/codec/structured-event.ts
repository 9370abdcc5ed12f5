import { type Attributes, attributeNames } from "./attributes.ts";
import { MalformedEventError } from "./errors.ts";

/** Takes a CloudEvent in JSON format apart. Null means absent, as the JSON format demands. */
export function structuredEvent(value: unknown): { attributes: Attributes; data: unknown } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw noObject();
  const fields = new Map<string, unknown>(Object.entries(value));
  if (fields.has("data_base64")) {
    throw new MalformedEventError(
      "EVENT_DATA_BASE64_UNSUPPORTED",
      "The event carries data_base64. Send the data as JSON in the field data.",
    );
  }
  const attributes: Attributes = {};
  for (const name of attributeNames) {
    const attribute = fields.get(name);
    if (attribute === undefined || attribute === null) continue;
    if (typeof attribute === "string") attributes[name] = attribute;
    else if (name !== "traceparent" && name !== "tracestate") throw noString(name);
  }
  return { attributes, data: fields.get("data") };
}

function noObject(): MalformedEventError {
  return new MalformedEventError(
    "EVENT_NOT_JSON",
    "A structured CloudEvent must be one JSON object. Publish one message for each event.",
  );
}

function noString(name: string): MalformedEventError {
  return new MalformedEventError(
    "EVENT_ATTRIBUTE_INVALID",
    `The attribute ${name} is not a string. Send it in quotes.`,
  );
}
