import { tabularErrors } from "./errors.ts";
import type { Column, ColumnType, SqlColumn } from "./types.ts";

/** Where each expression is nothing but the name of an input column: its place and type. Otherwise undefined. */
export function plainReferences(
  input: readonly Column[],
  columns: readonly SqlColumn[],
): { index: number; type: ColumnType }[] | undefined {
  const names = columns.map(({ name }) => name.toLowerCase());
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw tabularErrors.columnDuplicate(twice);
  const found: { index: number; type: ColumnType }[] = [];
  for (const { sql } of columns) {
    const name = referenced(sql.trim());
    // Like the engine, which takes upper and lower case as the same.
    const index =
      name === undefined ? -1 : input.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
    const column = input[index];
    if (!column) return undefined;
    found.push({ index, type: column.type });
  }
  return found;
}

function referenced(sql: string): string | undefined {
  if (/^"([^"]|"")+"$/.test(sql)) return sql.slice(1, -1).replaceAll('""', '"');
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(sql) && !RESERVED.has(sql.toLowerCase()) ? sql : undefined;
}

// Words that the engine does not read as a column when they stand alone without quotes (its own list of
// keywords, each tried as an expression). What they mean is left to the engine.
const RESERVED = new Set(
  `all analyse analyze and anti any array as asc asof asymmetric at authorization binary both by case cast check
   collate collation column concurrently constraint create cross default deferrable desc describe distinct do else
   end except false fetch for foreign freeze from full glob group having ilike in initially inner intersect into is
   isnull join lambda lateral leading left like limit natural not notnull null offset on only or order outer
   overlaps pivot pivot_longer pivot_wider placing positional primary qualify references returning right select
   semi show similar some summarize symmetric table tablesample then to trailing true union unique unpack unpivot
   using variadic verbose when where window with
   current_date current_time current_timestamp localtime localtimestamp current_user session_user user`.split(
    /\s+/,
  ),
);
