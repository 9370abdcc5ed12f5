import pg from "pg";

const int8 = 20;
const int8Array: number = 1016;
const date = 1082;

/** How values of the columns become values of the program, where pg's own choice loses something. */
export function getTypeParser(oid: number, format?: "text" | "binary") {
  if (format === "binary") return pg.types.getTypeParser(oid, format);
  if (oid === int8) return parseInt8;
  if (oid === int8Array) return parseInt8Array;
  // A day has no time zone. A Date would be midnight in the zone of this machine, another day elsewhere.
  if (oid === date) return (text: string) => text;
  return pg.types.getTypeParser(oid, "text");
}

/** Counts and sequences fit into a double by far; what does not fit must fail instead of being rounded. */
function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit into a number`);
  return value;
}

function parseInt8Array(text: string): unknown[] {
  return withNumbers(pg.types.getTypeParser(int8Array, "text")(text));
}

/** pg reads the array, which may be nested and hold nulls, and leaves its numbers as texts. */
function withNumbers(values: unknown): unknown[] {
  if (!Array.isArray(values)) throw new TypeError("not an array");
  return values.map((value) => {
    if (Array.isArray(value)) return withNumbers(value);
    return value === null ? null : parseInt8(String(value));
  });
}
