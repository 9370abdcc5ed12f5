/**
 * Rows as one JSON parameter: one statement for any number of them. JSON allows texts that Postgres does not
 * store (NUL, halves of surrogate pairs); they become the replacement character, so that one odd text cannot
 * keep a whole batch out.
 */
export function jsonRows(rows: readonly object[]): string {
  const text = JSON.stringify(rows);
  if (!unstorable.test(text)) return text;
  return JSON.stringify(rows, (_, value) => (typeof value === "string" ? storableText(value) : value));
}

export function storableText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}

// May match a backslash followed by such letters too; that only costs the slower way.
const unstorable = /\\u(?:0000|d[89a-f])/i;
