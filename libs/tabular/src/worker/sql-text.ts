/** A name from outside as an SQL identifier. */
export function name(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** A text from outside as an SQL literal. */
export function text(value: string): string {
  // A NUL ends the statement for the parser, so it must not stand in the text itself.
  return value
    .split("\0")
    .map((part) => `'${part.replaceAll("'", "''")}'`)
    .join(" || chr(0) || ");
}

export function texts(values: readonly string[]): string {
  return `[${values.map(text).join(", ")}]`;
}

/** A number as an SQL literal of type DOUBLE, exactly. */
export function double(value: number): string {
  return `'${value}'::DOUBLE`;
}
