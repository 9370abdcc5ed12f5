import { type Attributes, envelopeFrom } from "./attributes.ts";
import type { CloudEvent, DecodeLimits, RawMessage } from "./cloud-event.ts";
import { MalformedEventError, quoted } from "./errors.ts";
import { parseEventJson } from "./event-json.ts";
import { foreignEvent } from "./foreign-event.ts";
import { contentModeOf } from "./media-type.ts";
import { type MessageHeaders, readHeaders } from "./read-headers.ts";
import { structuredEvent } from "./structured-event.ts";
import { firstUsableTraceContext } from "./trace-context.ts";

/**
 * Reads a CloudEvent from a message in binary or structured mode, whoever sent it. What it returns agrees
 * with the envelope's schema and with the NATS subject; the data is JSON, but not checked against a schema.
 * Throws `MalformedEventError`, and nothing else, for whatever the bytes may be.
 */
export function decode(message: RawMessage, limits: DecodeLimits): CloudEvent {
  demandSize(message.payload, limits.payloadBytesMax);
  const headers = readHeaders(message.headers, limits.headerBytesMax);
  const foreign = foreignEvent(message, headers, limits.depthMax);
  if (foreign !== undefined) return foreign;
  const { attributes, readData } = open(message.payload, headers, limits.depthMax);
  const envelope = envelopeFrom(
    { ...withoutTrace(attributes), ...firstUsableTraceContext(attributes, headers) },
    message.subject,
  );
  return { envelope, data: readData() };
}

/** The data of a binary message is read last: an envelope that is refused makes parsing it useless. */
function open(
  payload: Uint8Array,
  headers: MessageHeaders,
  depthMax: number,
): { attributes: Attributes; readData: () => unknown } {
  switch (contentModeOf(headers.contentType)) {
    case "binary":
      return {
        attributes: headers.attributes,
        // An event without data is legal; it is for the schema of its type to say that data is missing.
        readData: () => (payload.length === 0 ? undefined : parseEventJson(payload, depthMax)),
      };
    case "structured": {
      const { attributes, data } = structuredEvent(parseEventJson(payload, depthMax + 1));
      return { attributes, readData: () => data };
    }
    case "batch":
      throw new MalformedEventError(
        "EVENT_BATCH_UNSUPPORTED",
        "The message is a batch of CloudEvents, which NATS does not define. Publish one message for each event.",
      );
    case "foreign":
      throw new MalformedEventError(
        "EVENT_FORMAT_UNSUPPORTED",
        `The message is ${quoted(headers.contentType ?? "")}. Publish application/cloudevents+json, or binary mode with ce- headers.`,
      );
  }
}

function demandSize(payload: Uint8Array, payloadBytesMax: number): void {
  if (payload.length <= payloadBytesMax) return;
  throw new MalformedEventError(
    "EVENT_TOO_LARGE",
    `The payload has ${payload.length} bytes, ${payloadBytesMax} are allowed. Put what is large into an artifact and send its reference.`,
  );
}

function withoutTrace({ traceparent: _, tracestate: __, ...rest }: Attributes): Attributes {
  return rest;
}
