import { scanJson } from "./json-scan.ts";
import { StrictJsonError } from "./strict-json-error.ts";

/** Bytes to a JSON value, or a `StrictJsonError` that says why not. */
export function parseStrictJson(bytes: Uint8Array, depthMax: number): unknown {
  const text = utf8Text(bytes);
  scanJson(text, depthMax);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StrictJsonError("NOT_JSON", "The text is not JSON. Send one complete JSON value.", {
      cause,
    });
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

function encodingError(what: string, cause?: unknown): StrictJsonError {
  return new StrictJsonError(
    "ENCODING_UNSUPPORTED",
    `The JSON ${what}. Send JSON in UTF-8 without a byte order mark.`,
    { cause },
  );
}
