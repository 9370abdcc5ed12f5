import { MalformedEventError, quoted } from "./errors.ts";

const plainValue = /^[\x21\x23\x24\x26-\x7e]*$/;
const toEncode = /[^\x21\x23\x24\x26-\x7e]/gu;
const forbidden = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u;
const quotedString = /^"(?:[^"\\]|\\.)*"$/s;

/**
 * Percent-encodes an attribute for a header: space, `"`, `%` and everything outside of U+0021 to U+007E,
 * as UTF-8 with upper-case digits. Almost every value needs none of it, hence the first line.
 */
export function encodeHeaderValue(attribute: string, value: string): string {
  if (plainValue.test(value)) return value;
  checkCharacters(attribute, value);
  return value.replaceAll(toEncode, (character) =>
    character === '"' ? "%22" : encodeURIComponent(character),
  );
}

/** Undoes `encodeHeaderValue`, and the quotes some senders add. One round only: `%2541` is `%41`, not `A`. */
export function decodeHeaderValue(attribute: string, value: string): string {
  const unquoted = quotedString.test(value) ? value.slice(1, -1).replaceAll(/\\(.)/gs, "$1") : value;
  if (!unquoted.includes("%")) return unquoted;
  try {
    return decodeURIComponent(unquoted);
  } catch (cause) {
    throw new MalformedEventError(
      "EVENT_HEADER_ENCODING_INVALID",
      `The header ce-${attribute} with ${quoted(value)} is not percent-encoded UTF-8. Encode a percent sign as %25 and other characters as their UTF-8 bytes.`,
      { cause },
    );
  }
}

/** CloudEvents strings hold no control characters, no lone surrogates and no noncharacters. */
export function checkCharacters(attribute: string, value: string): void {
  if (isAttributeText(value)) return;
  throw new MalformedEventError(
    "EVENT_ATTRIBUTE_INVALID",
    `The attribute ${attribute} with ${quoted(value)} holds characters that CloudEvents forbids. Remove control characters and unpaired surrogates.`,
  );
}

export function isAttributeText(value: string): boolean {
  return !forbidden.test(value);
}
