import type { Column, ColumnType } from "./types.ts";

/** What is wrong with one value of one row. */
export type RowError = { readonly row: number; readonly column: string; readonly message: string };

/** A value as it is sent to the table engine in JSON: exactly its type, timestamps as UTC text with microseconds. */
export type EngineValue = string | number | boolean | null;

const ISO_TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** The values of a row in the order of the columns, or the first thing that is wrong with it. */
export function coerceRow(
  row: Readonly<Record<string, unknown>>,
  columns: readonly Column[],
): { values: EngineValue[] } | { column: string; message: string } {
  const values: EngineValue[] = [];
  for (const column of columns) {
    const value = Object.hasOwn(row, column.name) ? row[column.name] : undefined;
    if (value === null || value === undefined) {
      if (!column.nullable)
        return {
          column: column.name,
          message: `Column ${JSON.stringify(column.name)} is missing. Its type is ${column.type}.`,
        };
      values.push(null);
      continue;
    }
    const coerced = coerceValue(value, column.type);
    if (coerced === undefined) {
      return {
        column: column.name,
        message: `Column ${JSON.stringify(column.name)} must be ${DESCRIPTION[column.type]}, not ${show(value)}.`,
      };
    }
    values.push(coerced);
  }
  return { values };
}

const DESCRIPTION: Readonly<Record<ColumnType, string>> = {
  boolean: "true or false",
  integer: "a whole number of at most 2^53",
  number: "a finite number",
  string: "a text without lone surrogates or NUL",
  timestamp: "a time in ISO 8601",
};

function show(value: unknown): string {
  return typeof value === "object"
    ? Array.isArray(value)
      ? "a list"
      : "an object"
    : String(JSON.stringify(value) ?? typeof value).slice(0, 100);
}

/** The value as its type, or undefined. Nothing is converted: the text "5" is not a number. */
function coerceValue(value: unknown, type: ColumnType): EngineValue | undefined {
  switch (type) {
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "integer":
      // -0 has no place among whole numbers.
      return typeof value === "number" && Number.isSafeInteger(value) ? value + 0 : undefined;
    case "number":
      return typeof value === "number" && Number.isFinite(value) ? value : undefined;
    case "string":
      return typeof value === "string" && value.isWellFormed() && !value.includes("\0") ? value : undefined;
    case "timestamp":
      return typeof value === "string" ? engineTime(value) : undefined;
  }
}

function engineTime(value: string): string | undefined {
  const [matched, date, minutes = "00:00", seconds = "00", fraction = "", offset = "Z"] =
    ISO_TIME.exec(value) ?? [];
  if (matched === undefined) return undefined;
  const zone = /^[+-]\d{2}$/.test(offset) ? `${offset}:00` : offset.replace(/^([+-]\d{2})(\d{2})$/, "$1:$2");
  const milliseconds = Date.parse(`${date}T${minutes}:${seconds}${zone}`);
  if (Number.isNaN(milliseconds)) return undefined;
  const utc = new Date(milliseconds).toISOString();
  // Date.parse takes February 30th as March 1st; a date that does not exist must not become another.
  if (new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10) !== date || utc.length !== 24)
    return undefined;
  return `${utc.slice(0, 10)} ${utc.slice(11, 19)}.${fraction.slice(0, 6).padEnd(6, "0")}`;
}

/** Milliseconds since 1970 of a time as rows have it, or undefined where it is none. */
export function rowTime(value: unknown): number | undefined {
  const time = typeof value === "string" ? engineTime(value) : undefined;
  return time === undefined ? undefined : epochMilliseconds(time);
}

/** Milliseconds since 1970 of an engine time, as the scoring of stored tables sees it. */
export function epochMilliseconds(engineTime: string): number {
  const micros = Number(engineTime.slice(20));
  return Date.parse(`${engineTime.slice(0, 10)}T${engineTime.slice(11, 19)}Z`) + Math.floor(micros / 1000);
}
