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

/** The order of texts is that of their UTF-8 bytes, as the engine has it. */
export function compareTexts(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}
