/** The two attributes of W3C trace context. */
export interface TraceContext {
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}

const traceparentPattern =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?<rest>-[\x21-\x7e]*)?$/;
const tracestatePattern = /^[\x20-\x7e]{1,512}$/;

/**
 * The first usable of several candidates. A broken trace is no reason to refuse an event, so garbage is
 * dropped and the event starts a new trace; a tracestate never outlives the traceparent it came with.
 */
export function firstUsableTraceContext(...candidates: readonly TraceContext[]): {
  traceparent?: string;
  tracestate?: string;
} {
  for (const { traceparent, tracestate } of candidates) {
    if (traceparent === undefined || !isTraceparent(traceparent)) continue;
    return tracestate !== undefined && tracestatePattern.test(tracestate)
      ? { traceparent, tracestate }
      : { traceparent };
  }
  return {};
}

function isTraceparent(value: string): boolean {
  const match = value.length <= 256 ? traceparentPattern.exec(value) : null;
  // Only versions after 00 may append further fields.
  return match !== null && (match.groups?.rest === undefined || !value.startsWith("00"));
}
