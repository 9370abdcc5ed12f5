import type { DuckDBPreparedStatement } from "@duckdb/node-api";
import type { EngineValue, RowError } from "../coerce-row.ts";
import type { Column, SqlColumn } from "../types.ts";
import { type Access, type Database, firstLine, openLocked } from "./database.ts";
import { plain } from "./json-safe.ts";
import { jsonOf, rowsFromJson } from "./rows-from-json.ts";
import { compileColumns, emptyRelation } from "./select.ts";
import { name } from "./sql-text.ts";

type TransformSpec = { readonly input: readonly Column[]; readonly columns: readonly SqlColumn[] };
export type TransformArguments = {
  readonly access: Access;
  readonly spec: TransformSpec;
  readonly rows: readonly (readonly EngineValue[])[];
};
export type Transformed = {
  readonly columns: readonly (readonly EngineValue[])[];
  readonly errors: readonly RowError[];
};

type Prepared = {
  readonly key: string;
  readonly database: Database;
  readonly all: DuckDBPreparedStatement;
  readonly output: Column[];
  readonly each: string[];
  readonly close: () => void;
};
let prepared: Prepared | undefined;

/** Compiles the expressions; also how a specification is checked before it is used. */
export async function openTransform({ access, spec }: Omit<TransformArguments, "rows">): Promise<Column[]> {
  return (await prepare(access, spec)).output;
}

/** The values of each column, in the order of the rows; rows on which an expression fails have null and an error. */
export async function transform({ access, spec, rows }: TransformArguments): Promise<Transformed> {
  const { all, each, database } = await prepare(access, spec);
  try {
    return { columns: await run(all, rows), errors: [] };
  } catch (error) {
    if (error instanceof Error && /^(Out of Memory|INTERNAL|FATAL) Error/.test(error.message)) {
      // After a fatal error the engine refuses everything; the next call gets a new one.
      forget();
      throw error;
    }
    return separate(database, all, each, spec, rows, 0);
  }
}

function forget(): void {
  prepared?.close();
  prepared = undefined;
}

async function prepare(access: Access, spec: TransformSpec): Promise<Prepared> {
  const key = JSON.stringify(spec);
  if (prepared?.key === key) return prepared;
  forget();
  const { database, close } = await openLocked(access);
  const compiled = await compileColumns(database, emptyRelation(spec.input), spec.input, spec.columns).catch(
    (error: unknown) => {
      close();
      throw error;
    },
  );
  const rows = rowsFromJson(spec.input);
  const results = compiled.map(
    ({ sql, type, name: column }) => `${type === "timestamp" ? `epoch_ms(${sql})` : sql} AS ${name(column)}`,
  );
  const all = await database.connection.prepare(`SELECT ${results.join(", ")} FROM ${rows}`);
  const output = compiled.map(({ name: column, type }) => ({ name: column, type, nullable: true }));
  prepared = { key, database, all, output, each: results.map((sql) => `SELECT ${sql} FROM ${rows}`), close };
  return prepared;
}

async function run(
  statement: DuckDBPreparedStatement,
  rows: TransformArguments["rows"],
): Promise<EngineValue[][]> {
  statement.bindVarchar(1, jsonOf(rows));
  const reader = await statement.runAndReadAll();
  return reader.getColumns().map((values) => values.map((value) => plain(value) as EngineValue));
}

/** Halves the rows until those that fail are alone, so that they cost the others little. */
async function separate(
  database: Database,
  all: DuckDBPreparedStatement,
  each: readonly string[],
  spec: TransformSpec,
  rows: TransformArguments["rows"],
  offset: number,
): Promise<Transformed> {
  try {
    return { columns: await run(all, rows), errors: [] };
  } catch (error) {
    if (rows.length <= 1)
      return {
        columns: spec.columns.map(() => rows.map(() => null)),
        errors: [await blame(database, each, spec, rows, offset, error)],
      };
    const middle = rows.length >>> 1;
    const first = await separate(database, all, each, spec, rows.slice(0, middle), offset);
    const second = await separate(database, all, each, spec, rows.slice(middle), offset + middle);
    return {
      columns: first.columns.map((values, index) => [...values, ...(second.columns[index] ?? [])]),
      errors: [...first.errors, ...second.errors],
    };
  }
}

async function blame(
  database: Database,
  each: readonly string[],
  spec: TransformSpec,
  rows: TransformArguments["rows"],
  row: number,
  error: unknown,
): Promise<RowError> {
  for (const [index, sql] of each.entries()) {
    const problem = await database.rows(sql, [jsonOf(rows)]).then(
      () => undefined,
      (reason: Error) => reason,
    );
    if (problem) return { row, column: spec.columns[index]?.name ?? "", message: firstLine(problem.message) };
  }
  return { row, column: "", message: error instanceof Error ? firstLine(error.message) : String(error) };
}
