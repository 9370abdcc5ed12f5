import { stat } from "node:fs/promises";
import { coerceRow, type EngineValue } from "../coerce-row.ts";
import { tabularErrors } from "../errors.ts";
import type { Column } from "../types.ts";
import { type Access, withDatabase } from "./database.ts";
import { jsonOf, rowsFromJson } from "./rows-from-json.ts";
import { emptyRelation } from "./select.ts";
import { refuseDuplicates } from "./source-types.ts";
import { name, text } from "./sql-text.ts";
import { PARQUET_OPTIONS, type Table } from "./to-parquet.ts";

const BATCH_ROWS = 5_000;

export type WriteRowsArguments = {
  readonly access: Access;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly columns: readonly Column[];
  readonly output: string;
};

/** Writes rows as a table; columns that are not named are left out. */
export async function writeRows({ access, rows, columns, output }: WriteRowsArguments): Promise<Table> {
  refuseDuplicates(columns.map((column) => column.name));
  return withDatabase(access, async (database) => {
    await database.run(`CREATE TEMP TABLE written AS SELECT * FROM ${emptyRelation(columns)}`);
    const names = columns.map((column) => name(column.name)).join(", ");
    const insert = await database.connection.prepare(
      `INSERT INTO written SELECT ${names} FROM ${rowsFromJson(columns)}`,
    );
    for (let start = 0; start < rows.length; start += BATCH_ROWS) {
      const batch = rows
        .slice(start, start + BATCH_ROWS)
        .map((row, index) => valuesOf(row, columns, start + index + 1));
      insert.bindVarchar(1, jsonOf(batch));
      await insert.run();
    }
    await database.run(`COPY written TO ${text(output)} (${PARQUET_OPTIONS})`);
    return { rowCount: rows.length, columns, sizeBytes: (await stat(output)).size };
  });
}

function valuesOf(
  row: Readonly<Record<string, unknown>>,
  columns: readonly Column[],
  number: number,
): EngineValue[] {
  const coerced = coerceRow(row, columns);
  if ("values" in coerced) return coerced.values;
  const column = columns.find(({ name }) => name === coerced.column);
  throw tabularErrors.valueNotOfType(
    coerced.column,
    column?.type ?? "string",
    number,
    String(row[coerced.column]),
  );
}
