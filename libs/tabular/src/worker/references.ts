import type { Expectation } from "../expectations.ts";
import type { ColumnType } from "../types.ts";
import type { CanonicalColumn } from "./canonical.ts";
import type { Database } from "./database.ts";
import { openTable } from "./source.ts";
import { name } from "./sql-text.ts";

/** Another table that columns may refer to. */
type OtherTable = { readonly relation: string; readonly columns: readonly CanonicalColumn[] };
export type OtherTables = ReadonlyMap<string, OtherTable>;

export async function openOtherTables(
  database: Database,
  paths: Readonly<Record<string, string>>,
): Promise<OtherTables> {
  const tables = new Map<string, OtherTable>();
  for (const [table, path] of Object.entries(paths)) tables.set(table, await openTable(database, [path]));
  return tables;
}

type References = Extract<Expectation, { kind: "references" }>;

/** How to find rows whose value is nowhere in a column of another table, or why that cannot be asked. */
export function findUnreferenced({ column, table, of }: References, type: ColumnType, tables: OtherTables) {
  const other = tables.get(table);
  if (other === undefined)
    return `Column ${JSON.stringify(column)} refers to ${JSON.stringify(table)}, of which there are no rows yet.`;
  const target = other.columns.find((found) => found.name === of);
  if (target === undefined)
    return `Column ${JSON.stringify(column)} refers to ${JSON.stringify(of)} of ${JSON.stringify(table)}, which has no such column.`;
  if (classOf(target.type) !== classOf(type)) {
    return `Column ${JSON.stringify(column)} is of type ${type} and cannot refer to ${JSON.stringify(of)} of ${JSON.stringify(table)}, which is of type ${target.type}.`;
  }
  const targets = `(SELECT DISTINCT ${target.sql} AS cascade_target FROM ${other.relation} WHERE ${target.sql} IS NOT NULL)`;
  const value = name(column);
  return {
    query: (relation: string) =>
      `SELECT count(*) AS failed, min(cascade_row) AS row, arg_min(CAST(${value} AS VARCHAR), cascade_row) AS value
       FROM ${relation} AS input LEFT JOIN ${targets} AS target ON target.cascade_target = input.${value}
       WHERE input.${value} IS NOT NULL AND target.cascade_target IS NULL`,
    join: (_: string, alias: string) => ({
      from: ` LEFT JOIN ${targets} AS ${alias} ON ${alias}.cascade_target = input.${value}`,
      broken: `input.${value} IS NOT NULL AND ${alias}.cascade_target IS NULL`,
    }),
  };
}

const classOf = (type: ColumnType) => (type === "integer" ? "number" : type);
