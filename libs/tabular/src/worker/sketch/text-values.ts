import type { FewValues } from "../../sketch-types.ts";

/** Characters of a text that are kept. */
export const TEXT_MAX = 256;
const UTF8_BYTES_MAX = 4;

const decoder = new TextDecoder();

/** The beginning of a text, and how many characters the whole has. */
export function readText(bytes: Uint8Array): { value: string; length: number } {
  let length = 0;
  for (const byte of bytes) if ((byte & 0xc0) !== 0x80) length++;
  const value = decoder.decode(bytes.subarray(0, TEXT_MAX * UTF8_BYTES_MAX));
  return { value: length <= TEXT_MAX ? value : [...value].slice(0, TEXT_MAX).join(""), length };
}

const SURROGATES = 0xd800;
const BEHIND_SURROGATES = 0xe000;

/**
 * The order of texts is that of their UTF-8 bytes, as the engine has it: that of their characters, of which those
 * that UTF-16 writes in two halves come last.
 */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (x === y) continue;
    const halves = x >= SURROGATES && y >= SURROGATES && x < BEHIND_SURROGATES !== y < BEHIND_SURROGATES;
    return halves ? y - x : x - y;
  }
  return a.length - b.length;
}

type Entry = FewValues["values"][number];

/** The order in which the values of a column are kept; long texts that begin alike are told apart by their length. */
export function inOrderOfValues(a: Entry, b: Entry): number {
  if (typeof a.value === "number") return a.value - Number(b.value);
  return compareTexts(a.value, String(b.value)) || (a.length ?? 0) - (b.length ?? 0);
}
