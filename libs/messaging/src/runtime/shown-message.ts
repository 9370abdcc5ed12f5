import { isUtf8 } from "node:buffer";

// The bytes may be anything, and JSON writes some of them as six: with these limits the event that tells of a dead
// letter stays below the size that the broker takes.
const payloadShownBytes = 16 * 1024;
const headersShownMax = 64;
const headerBytesShown = 4 * 1024;

/** As much of a payload as an event can tell; the bytes are told as they are where they are no text. */
export function shownPayload(payload: Uint8Array) {
  const whole = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const shown = whole.subarray(0, payloadShownBytes);
  return {
    payload: shown.toString("utf8"),
    payloadTruncated: whole.byteLength > shown.byteLength,
    payloadBytes: whole.byteLength,
    ...(isUtf8(whole) ? {} : { payloadBase64: shown.toString("base64") }),
  };
}

export function shownHeaders(headers: readonly (readonly [string, string])[]) {
  let left = headerBytesShown;
  const shown: { name: string; value: string }[] = [];
  for (const [name, value] of headers.slice(0, headersShownMax)) {
    const header = { name: name.slice(0, 256), value: value.slice(0, 1024) };
    left -= header.name.length + header.value.length;
    if (left < 0) break;
    shown.push(header);
  }
  const isWhole =
    shown.length === headers.length &&
    headers.every(([name, value], index) => shown[index]?.name === name && shown[index]?.value === value);
  return { headers: shown, headersTruncated: !isWhole };
}
