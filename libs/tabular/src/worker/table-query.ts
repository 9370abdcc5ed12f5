import type { Column } from "../types.ts";
import { PHYSICAL_TYPE } from "./canonical.ts";
import type { DecidedColumn } from "./decide-columns.ts";
import type { Source } from "./source-types.ts";
import { name } from "./sql-text.ts";
import { isPlainly, looksLike, looksPlainlyLike, tryFromCanonical, tryFromText } from "./text-types.ts";

/** How a column of a table is read from one file: what stands there, and its value, NULL where it cannot be read. */
type ReadColumn = { readonly raw: string; readonly value: string; readonly isText: boolean };

export function readColumn(source: Source, column: Column): ReadColumn {
  const found = source.columns.find((candidate) => candidate.name === column.name);
  if (!found) return { raw: "NULL", value: `CAST(NULL AS ${PHYSICAL_TYPE[column.type]})`, isText: false };
  const { sql, type } = found;
  if (type === undefined) return { raw: sql, value: tryFromText(sql, column.type), isText: true };
  return { raw: sql, value: tryFromCanonical(sql, type, column.type), isText: false };
}

/**
 * One file as rows of a table. A value that is there and is not what its column is stops the work; which one it was
 * is found out afterwards. Texts are cast in a query of its own, because the engine would do it again in each branch
 * of a CASE.
 */
export function selectTable(source: Source, table: readonly DecidedColumn[]): string {
  const columns = table.map((column, index) => {
    const { raw, value, isText } = readColumn(source, column);
    const [text, cast] = [`c${index}`, `v${index}`];
    if (!isText) return { given: orStop(raw, value, value), cast: text, result: text };
    if (column.type !== "string")
      return {
        given: raw,
        cast: `TRY_CAST(${text} AS ${PHYSICAL_TYPE[column.type]})`,
        result: fromText(text, cast, column.type, column.saidBy),
      };
    return {
      given: raw,
      cast: text,
      result: column.saidBy === "nothing" ? orStop(text, "NULL", text) : text,
    };
  });
  const given = columns.map((column, index) => `${column.given} AS c${index}`);
  const cast = columns.map((column, index) => `c${index}, ${column.cast} AS v${index}`);
  const results = columns.map(({ result }, index) => `${result} AS ${name(table[index]?.name ?? "")}`);
  return `SELECT ${results.join(", ")} FROM (SELECT ${cast.join(", ")} FROM (SELECT ${given.join(", ")} FROM ${source.relation}))`;
}

function fromText(
  text: string,
  cast: string,
  type: Exclude<Column["type"], "string">,
  saidBy: DecidedColumn["saidBy"],
): string {
  const value = tryFromText(text, type);
  const [plain, exact] =
    saidBy === "declaration"
      ? [isPlainly(text, cast, type), value]
      : [looksPlainlyLike(text, cast, type), `CASE WHEN ${looksLike(text, type)} THEN ${value} END`];
  return `CASE WHEN ${plain} THEN ${cast} ELSE ${orStop(text, exact, exact)} END`;
}

/** A value where it can be read or nothing is there. */
function orStop(raw: string, test: string, value: string): string {
  if (value === raw && test === raw) return value;
  return `CASE WHEN ${raw} IS NULL OR (${test}) IS NOT NULL THEN ${value} ELSE error('VALUE_NOT_OF_TYPE') END`;
}
