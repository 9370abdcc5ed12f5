import { type Attributes, isKnownAttribute } from "./attributes.ts";
import { MalformedEventError } from "./errors.ts";
import { decodeHeaderValue } from "./header-value.ts";

/** What the headers of a message say, whatever the case of their names. */
export interface MessageHeaders {
  readonly contentType?: string;
  readonly traceparent?: string;
  readonly tracestate?: string;
  readonly attributes: Attributes;
}

const prefix = "ce-";

/** NATS header names are case-sensitive, foreign senders are not: `Ce-Id` and `ce-id` mean the same. */
export function readHeaders(
  headers: Iterable<readonly [name: string, value: string]>,
  headerBytesMax: number,
): MessageHeaders {
  const attributes: Attributes = {};
  const plain: { contentType?: string; traceparent?: string; tracestate?: string } = {};
  let bytes = 0;
  for (const [name, value] of headers) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
    if (bytes > headerBytesMax) throw tooLarge(headerBytesMax);
    const lowerCase = name.toLowerCase();
    if (lowerCase === "content-type") plain.contentType ??= value;
    else if (lowerCase === "traceparent" || lowerCase === "tracestate") plain[lowerCase] ??= value;
    else if (lowerCase.startsWith(prefix)) keep(lowerCase.slice(prefix.length), value, attributes);
  }
  return { ...plain, attributes };
}

function keep(name: string, value: string, attributes: Attributes): void {
  if (!isKnownAttribute(name)) return;
  if (name === "traceparent" || name === "tracestate") {
    // Legal values of both hold nothing to encode but the spaces, quotes and percent signs of a tracestate;
    // what is illegal is dropped later and must not fail here.
    attributes[name] ??= value.replaceAll("%20", " ").replaceAll("%22", '"').replaceAll("%25", "%");
    return;
  }
  if (attributes[name] !== undefined) {
    throw new MalformedEventError(
      "EVENT_ATTRIBUTE_REPEATED",
      `The header ce-${name} appears twice, perhaps in different case. Send it once.`,
    );
  }
  attributes[name] = decodeHeaderValue(name, value);
}

function tooLarge(headerBytesMax: number): MalformedEventError {
  return new MalformedEventError(
    "EVENT_HEADERS_TOO_LARGE",
    `The headers have more than ${headerBytesMax} bytes. Send only what CloudEvents needs, and the rest as data.`,
  );
}
