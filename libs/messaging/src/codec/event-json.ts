import { MalformedEventError } from "./errors.ts";
import { scanJson } from "./json-scan.ts";
import { parseStrictJson } from "./strict-json.ts";
import { StrictJsonError } from "./strict-json-error.ts";

/** The JSON of an event, or a `MalformedEventError` that says why not. */
export function parseEventJson(bytes: Uint8Array, depthMax: number): unknown {
  return asEventError(() => parseStrictJson(bytes, depthMax));
}

/** Refuses JSON text that every consumer would refuse. */
export function scanEventJson(text: string): void {
  asEventError(() => scanJson(text, Number.POSITIVE_INFINITY));
}

function asEventError<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error;
    throw new MalformedEventError(`EVENT_${error.code}`, error.message, { cause: error });
  }
}
