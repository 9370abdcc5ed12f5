import { MalformedEventError } from "./errors.ts";
import { scanJson } from "./json-scan.ts";

/** Bytes to a JSON value, or a `MalformedEventError` that says why not. */
export function parseStrictJson(bytes: Uint8Array, depthMax: number): unknown {
  const text = utf8Text(bytes);
  scanJson(text, depthMax);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MalformedEventError(
      "EVENT_NOT_JSON",
      "The payload is not JSON. Send one complete JSON value.",
      {
        cause,
      },
    );
  }
}

function utf8Text(bytes: Uint8Array): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw encodingError("begins with a byte order mark");
  }
  // JSON text begins with two ASCII characters, so a zero among them is UTF-16 or UTF-32.
  if (bytes.subarray(0, 4).includes(0)) throw encodingError("is not UTF-8 but looks like UTF-16");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw encodingError("is not valid UTF-8", cause);
  }
}

function encodingError(what: string, cause?: unknown): MalformedEventError {
  return new MalformedEventError(
    "EVENT_ENCODING_UNSUPPORTED",
    `The payload ${what}. Send JSON in UTF-8 without a byte order mark.`,
    { cause },
  );
}
