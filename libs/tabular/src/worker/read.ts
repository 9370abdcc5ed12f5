import type { JsonRow, JsonValue } from "../types.ts";
import { type Access, withDatabase } from "./database.ts";
import { jsonSafe, plain } from "./json-safe.ts";
import { known } from "./select.ts";
import { openTable, readParquet } from "./source.ts";
import { name } from "./sql-text.ts";

export type ReadColumnsArguments = {
  readonly access: Access;
  readonly path: string;
  readonly columns: readonly string[];
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
};
export type ColumnValues = Float64Array | (string | null)[];
export type ReadColumns = { readonly rowCount: number; readonly columns: Record<string, ColumnValues> };

/** Whole columns for scoring: numbers as they go into a model, NaN for a missing value. */
export async function readColumns({
  access,
  path,
  columns,
  limit,
  offset,
}: ReadColumnsArguments): Promise<ReadColumns> {
  return withDatabase(access, async (database) => {
    const table = await openTable(database, [path]);
    const wanted = columns.map((column) => known(table.columns, column));
    const expressions = wanted.map(({ type, sql }) => {
      if (type === "string") return sql;
      return `coalesce(CAST(${type === "timestamp" ? `epoch_ms(${sql})` : sql} AS DOUBLE), 'nan'::DOUBLE)`;
    });
    const from = `${table.relation}${page(limit, offset)}`;
    const rowCount = await database.number(`SELECT count(*) FROM (SELECT 1 FROM ${from})`);
    const values: ColumnValues[] = wanted.map(({ type }) =>
      type === "string" ? [] : new Float64Array(rowCount),
    );
    if (wanted.length > 0) {
      let row = 0;
      const result = await database.connection.stream(
        `SELECT ${expressions.map((sql, index) => `${sql} AS c${index}`).join(", ")} FROM ${from}`,
      );
      for (
        let chunk = await result.fetchChunk();
        chunk && chunk.rowCount > 0;
        chunk = await result.fetchChunk()
      ) {
        values.forEach((column, index) => {
          const part = chunk.getColumnValues(index);
          if (column instanceof Float64Array) column.set(part as number[], row);
          else for (const value of part) column.push(value as string | null);
        });
        row += chunk.rowCount;
      }
    }
    return {
      rowCount,
      columns: Object.fromEntries(wanted.map((column, index) => [column.name, values[index] ?? []])),
    };
  });
}

export type ReadRowsArguments = {
  readonly access: Access;
  readonly path: string;
  readonly limit: number;
  readonly offset?: number | undefined;
};

/** Some rows for people and JSON. Lists, such as the reasons of quarantined rows, are lists. */
export async function readRows({ access, path, limit, offset }: ReadRowsArguments): Promise<JsonRow[]> {
  return withDatabase(access, async (database) => {
    const relation = readParquet([path]);
    const lists = (await database.rows(`DESCRIBE SELECT * FROM ${relation}`))
      .filter((row) => String(row.column_type) === "VARCHAR[]")
      .map((row) => String(row.column_name));
    const table = lists.length === 0 ? await openTable(database, [path]) : { columns: [] };
    const columns =
      lists.length === 0
        ? table.columns.map((column) => `${column.sql} AS ${name(column.name)}`).join(", ")
        : "*";
    const reader = await database.connection.runAndReadAll(
      `SELECT ${columns} FROM ${relation}${page(limit, offset)}`,
    );
    const names = reader.columnNames();
    return reader.getRows().map((values) => {
      // Object.fromEntries defines "__proto__" as a plain property, where an assignment would not.
      return Object.fromEntries(
        values.map((value, index) => [names[index], jsonSafe(plain(value)) as JsonValue]),
      );
    });
  });
}

function page(limit: number | undefined, offset: number | undefined): string {
  const whole = (count: number) => Math.max(0, Math.floor(count));
  return `${limit === undefined ? "" : ` LIMIT ${whole(limit)}`}${offset === undefined ? "" : ` OFFSET ${whole(offset)}`}`;
}
