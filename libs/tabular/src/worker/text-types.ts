import type { ColumnType } from "../types.ts";
import { PHYSICAL_TYPE } from "./canonical.ts";

// The engine's own casts take too much: "1.5" as the integer 2, "today" as a date, and they drop the offset
// of a time. So every cast from text has a pattern for what it takes.
const WHOLE = "[+-]?[0-9]{1,19}";
const DATE_TIME =
  "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?( ?(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?))?)?";

/** The value of a text as a type, or NULL when it is not one. */
export function tryFromText(sql: string, type: ColumnType): string {
  const when = (pattern: string, value: string) =>
    `CASE WHEN regexp_full_match(${sql}, '${pattern}') THEN ${value} END`;
  switch (type) {
    case "string":
      return sql;
    case "boolean":
      return `TRY_CAST(${sql} AS BOOLEAN)`;
    case "number":
      return numberFromText(sql);
    case "integer":
      return when(WHOLE, `TRY_CAST(${sql} AS BIGINT)`);
    case "timestamp":
      return when(DATE_TIME, `TRY_CAST(${withSeconds(sql)} AS TIMESTAMPTZ) AT TIME ZONE 'UTC'`);
  }
}

// "1_000" is a number for the engine, and "1e999" is infinite; only what says so may be.
function numberFromText(sql: string): string {
  const number = `TRY_CAST(${sql} AS DOUBLE)`;
  const wrong = `contains(${sql}, '_') OR (isinf(${number}) AND regexp_matches(${sql}, '[0-9]'))`;
  return `CASE WHEN NOT (${wrong}) THEN ${number} END`;
}

// "10:00Z" is a time, but not for the engine.
function withSeconds(sql: string): string {
  return `regexp_replace(${sql}, '([T ][0-9]{1,2}:[0-9]{2})( ?[Z+-]|$)', '\\1:00\\2')`;
}

/** Whether a text looks as if it was written from this type; stricter than reading it, so that "007" stays a text. */
export function looksLike(sql: string, type: Exclude<ColumnType, "string">): string {
  const matches = (pattern: string) => `regexp_full_match(${sql}, '${pattern}')`;
  switch (type) {
    case "boolean":
      return `lower(${sql}) IN ('true', 'false')`;
    case "integer":
      return `${matches("[+-]?(0|[1-9][0-9]*)")} AND TRY_CAST(${sql} AS BIGINT) IS NOT NULL`;
    case "number":
      return `NOT ${matches("[+-]?0[0-9].*")} AND (${numberFromText(sql)}) IS NOT NULL`;
    case "timestamp":
      return `${tryFromText(sql, "timestamp")} IS NOT NULL`;
  }
}

const ISO_TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?Z?";

/**
 * Whether `value`, what the engine's own cast has made of a text, is what `tryFromText` gives. Says so of nearly
 * every well written value and never of another, for a tenth of what the patterns cost; of the rest they decide.
 */
export function isPlainly(sql: string, value: string, type: Exclude<ColumnType, "string">): string {
  switch (type) {
    case "boolean":
      return `${value} IS NOT NULL`;
    case "integer":
      return `CAST(${value} AS VARCHAR) = ${sql}`;
    case "number":
      return `isfinite(${value}) AND NOT contains(${sql}, '_')`;
    case "timestamp": {
      const written = [value, `CAST(${value} AS DATE)`].map((one) => `CAST(${one} AS VARCHAR) = ${sql}`);
      const looks = [...written, `regexp_full_match(${sql}, '${ISO_TIME}')`].join(" OR ");
      return `${value} BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999' AND (${looks})`;
    }
  }
}

/** The same, and whether the text looks like the type too. */
export function looksPlainlyLike(sql: string, value: string, type: Exclude<ColumnType, "string">): string {
  if (type === "boolean") return looksLike(sql, type);
  if (type !== "number") return isPlainly(sql, value, type);
  // Texts are compared byte by byte, and a digit is more than a point: none of these begins with a zero and a digit.
  const begins = `${sql} >= '1' OR ${sql} BETWEEN '-1' AND '0/' OR ${sql} BETWEEN '-0.' AND '-0/'`;
  return `${isPlainly(sql, value, type)} AND (${begins})`;
}

/** What a canonical column becomes when another type was declared, or NULL where it cannot. */
export function tryFromCanonical(sql: string, from: ColumnType, to: ColumnType): string {
  if (from === to) return sql;
  if (from === "string") return tryFromText(sql, to);
  if (to === "string" || (from === "integer" && to === "number"))
    return `CAST(${sql} AS ${PHYSICAL_TYPE[to]})`;
  if (from === "number" && to === "integer")
    return `CASE WHEN ${sql} = trunc(${sql}) THEN TRY_CAST(${sql} AS BIGINT) END`;
  return `CAST(NULL AS ${PHYSICAL_TYPE[to]})`;
}
