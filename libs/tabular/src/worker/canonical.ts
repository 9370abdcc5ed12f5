import type { ColumnType } from "../types.ts";
import type { Database } from "./database.ts";
import { name } from "./sql-text.ts";

/** A column as an SQL expression that has one of the five physical types. */
export type CanonicalColumn = { readonly name: string; readonly type: ColumnType; readonly sql: string };

/** The physical type of each column type, in every Parquet file that we write. */
export const PHYSICAL_TYPE: Readonly<Record<ColumnType, string>> = {
  boolean: "BOOLEAN",
  integer: "BIGINT",
  number: "DOUBLE",
  string: "VARCHAR",
  timestamp: "TIMESTAMP",
};

const TYPES: readonly (readonly [RegExp, ColumnType])[] = [
  [/^BOOLEAN$/, "boolean"],
  [/^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/, "integer"],
  [/^(FLOAT|DOUBLE|DECIMAL\(\d+,\d+\))$/, "number"],
  [/^(VARCHAR|UUID|TIME|TIME WITH TIME ZONE|INTERVAL|"NULL"|ENUM\(.*\)|JSON)$/s, "string"],
  [/^(DATE|TIMESTAMP|TIMESTAMP_S|TIMESTAMP_MS|TIMESTAMP_NS|TIMESTAMP WITH TIME ZONE)$/, "timestamp"],
];

/** The canonical form of an expression of some engine type, or undefined for lists, objects and binary data. */
export function canonical(engineType: string, sql: string): { type: ColumnType; sql: string } | undefined {
  const type = TYPES.find(([pattern]) => pattern.test(engineType))?.[1];
  if (type === undefined) return undefined;
  if (engineType === "TIMESTAMP WITH TIME ZONE") return { type, sql: `(${sql}) AT TIME ZONE 'UTC'` };
  return { type, sql: engineType === PHYSICAL_TYPE[type] ? sql : `CAST(${sql} AS ${PHYSICAL_TYPE[type]})` };
}

/** The columns that a query has, with the engine's own names for their types. */
export async function engineColumns(
  database: Database,
  query: string,
): Promise<{ name: string; engineType: string }[]> {
  const rows = await database.rows(`DESCRIBE ${query}`);
  return rows.map((row) => ({ name: String(row.column_name), engineType: String(row.column_type) }));
}

/** Splits the columns of a query into those that we take and the names of those that we cannot. */
export async function canonicalColumns(
  database: Database,
  query: string,
): Promise<{ columns: CanonicalColumn[]; unsupported: string[] }> {
  const columns: CanonicalColumn[] = [];
  const unsupported: string[] = [];
  for (const column of await engineColumns(database, query)) {
    const form = canonical(column.engineType, name(column.name));
    if (form) columns.push({ name: column.name, ...form });
    else unsupported.push(column.name);
  }
  return { columns, unsupported };
}
