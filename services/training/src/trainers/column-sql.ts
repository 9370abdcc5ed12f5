import { TrainerError } from "./errors.ts";
import { quoteName } from "./parquet-session.ts";

const numberTypes = /^(BOOLEAN|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL\(.*\)|FLOAT|DOUBLE)$/;
const instantTypes = /^(DATE|TIMESTAMP.*)$/;

/** Whether a column of this type can be read as numbers. */
export function isNumberType(type: string): boolean {
  return numberTypes.test(type);
}

/** A column as DOUBLE; dates and timestamps become milliseconds since 1970. */
export function numberSql(name: string, type: string): string {
  if (numberTypes.test(type)) return `CAST(${quoteName(name)} AS DOUBLE)`;
  // Time zones are left out of the account: the instant is what counts.
  if (type === "TIMESTAMP WITH TIME ZONE") return `CAST(epoch_ms(${quoteName(name)}) AS DOUBLE)`;
  if (instantTypes.test(type)) return `CAST(epoch_ms(CAST(${quoteName(name)} AS TIMESTAMP)) AS DOUBLE)`;
  throw new TrainerError("COLUMN_NOT_NUMERIC", `Column ${name} is ${type}.`);
}

/** A column as text; the empty string is a missing value. */
export function categorySql(name: string): string {
  return `nullif(CAST(${quoteName(name)} AS VARCHAR), '')`;
}

/** The label of a classification as text; numbers are written the same way whatever their type. */
export function classSql(name: string, type: string): string {
  const isNumber = isNumberType(type) && type !== "BOOLEAN";
  return isNumber ? `CAST(CAST(${quoteName(name)} AS DOUBLE) AS VARCHAR)` : categorySql(name);
}
