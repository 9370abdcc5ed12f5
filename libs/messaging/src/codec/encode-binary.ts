import { attributeNames } from "./attributes.ts";
import type { CloudEvent } from "./cloud-event.ts";
import { scanEventJson } from "./event-json.ts";
import { encodeHeaderValue } from "./header-value.ts";
import { firstUsableTraceContext } from "./trace-context.ts";

const reservedWord = /"(?:__proto__|prototype)"/;

/** A message that is ready to be published. */
export interface EncodedEvent {
  readonly headers: [name: string, value: string][];
  readonly payload: Uint8Array;
}

/**
 * CloudEvents in binary mode on NATS: each attribute is a header, the payload is the data. The id is also
 * the broker's key for deduplication, and the trace context is repeated where tracing libraries look for it.
 */
export function encodeBinary(event: CloudEvent): EncodedEvent {
  const json: string | undefined = JSON.stringify(event.data);
  // What a consumer would refuse must not be published. The scan is needed where these words occur at all.
  if (json !== undefined && reservedWord.test(json)) scanEventJson(json);
  const payload = new TextEncoder().encode(json ?? "");
  const { datacontenttype: _replaced, traceparent: _p, tracestate: _s, ...rest } = event.envelope;
  const trace = firstUsableTraceContext(event.envelope);
  const envelope = {
    ...rest,
    ...trace,
    ...(json === undefined ? {} : { datacontenttype: "application/json" }),
  };

  const headers: [name: string, value: string][] = [];
  for (const name of attributeNames) {
    const value: string | undefined = Reflect.get(envelope, name);
    if (value !== undefined) headers.push([`ce-${name}`, encodeHeaderValue(name, value)]);
  }
  headers.push(["Nats-Msg-Id", encodeHeaderValue("id", envelope.id)], ...Object.entries(trace));
  return { headers, payload };
}
