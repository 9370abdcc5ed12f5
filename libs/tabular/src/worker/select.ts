import { tabularErrors } from "../errors.ts";
import type { Column, SqlColumn } from "../types.ts";
import { type CanonicalColumn, canonical, engineColumns, PHYSICAL_TYPE } from "./canonical.ts";
import { checkExpression, wrapped } from "./check-expression.ts";
import { type Access, asResourceError, type Database, firstLine, withDatabase } from "./database.ts";
import { openTable } from "./source.ts";
import { refuseDuplicates } from "./source-types.ts";
import { name, text } from "./sql-text.ts";
import { PARQUET_OPTIONS } from "./to-parquet.ts";

export type SelectArguments = {
  readonly access: Access;
  readonly inputs: readonly string[];
  readonly columns: readonly SqlColumn[];
  readonly keep?: readonly string[] | undefined;
  readonly where?: string | undefined;
  readonly orderBy?: readonly string[] | undefined;
  readonly output: string;
};
export type Selected = { readonly rowCount: number; readonly columns: readonly Column[] };

export async function select(args: SelectArguments): Promise<Selected> {
  return withDatabase(args.access, async (database) => {
    const table = await openTable(database, args.inputs);
    const from = `(SELECT ${table.columns.map((column) => `${column.sql} AS ${name(column.name)}`).join(", ")} FROM ${table.relation})`;
    const kept = (args.keep ?? []).map((column) => known(table.columns, column));
    refuseDuplicates([...kept, ...args.columns].map((column) => column.name));
    const features = await compileColumns(database, from, table.columns, args.columns);
    if (args.where !== undefined) await checkExpression(database, "where", args.where, names(table.columns));

    const wanted = [...kept.map((column) => ({ ...column, sql: name(column.name) })), ...features];
    const expressions = wanted.map((column) => `${column.sql} AS ${name(column.name)}`);
    const filter = args.where === undefined ? "" : ` WHERE ${wrapped(args.where)}`;
    const order = (args.orderBy ?? []).map(
      (column) => `${name(known(table.columns, column).name)} NULLS FIRST`,
    );
    // Rows that are equal in the order keep the order of the files.
    const numbered =
      order.length === 0 ? from : `(SELECT *, row_number() OVER () AS cascade_row FROM ${from})`;
    const sorted = order.length === 0 ? "" : ` ORDER BY ${order.join(", ")}, cascade_row`;
    const query = `SELECT ${expressions.join(", ")} FROM ${numbered}${filter}${sorted}`;
    try {
      await database.run(`COPY (${query}) TO ${text(args.output)} (${PARQUET_OPTIONS})`);
    } catch (error) {
      throw await explainFailure(database, from, features, error);
    }
    const rowCount = await database.number(
      `SELECT num_rows FROM parquet_file_metadata(${text(args.output)})`,
    );
    return {
      rowCount,
      columns: wanted.map(({ name: column, type }) => ({ name: column, type, nullable: true })),
    };
  });
}

/** Checks each expression and gives it one of the five types; the same text serves offline and online. */
export async function compileColumns(
  database: Database,
  from: string,
  inputs: readonly Column[],
  columns: readonly SqlColumn[],
): Promise<CanonicalColumn[]> {
  refuseDuplicates(columns.map((column) => column.name));
  const compiled: CanonicalColumn[] = [];
  for (const column of columns) {
    await checkExpression(database, column.name, column.sql, names(inputs));
    const expression = wrapped(column.sql);
    const [found] = await engineColumns(database, `SELECT ${expression} AS value FROM ${from}`).catch(
      (error: Error) => {
        throw tabularErrors.sqlRefused(column.name, firstLine(error.message));
      },
    );
    const form = canonical(found?.engineType ?? "", expression);
    if (!form)
      throw tabularErrors.sqlRefused(
        column.name,
        `its result is a ${found?.engineType}, which is no column type.`,
      );
    compiled.push({ name: column.name, ...form });
  }
  return compiled;
}

/** A relation without rows that has the given columns, to check expressions against. */
export function emptyRelation(columns: readonly Column[]): string {
  const fields = columns.map(
    (column) => `CAST(NULL AS ${PHYSICAL_TYPE[column.type]}) AS ${name(column.name)}`,
  );
  return `(SELECT ${fields.length === 0 ? "1" : fields.join(", ")} LIMIT 0)`;
}

async function explainFailure(
  database: Database,
  from: string,
  features: readonly CanonicalColumn[],
  error: unknown,
): Promise<unknown> {
  const reason = error instanceof Error ? error.message : String(error);
  if (asResourceError(error)) return error;
  for (const feature of features) {
    // The engine skips work whose result nobody needs, so the result is counted.
    const failed = await database.rows(`SELECT count(${feature.sql}) FROM ${from}`).then(
      () => undefined,
      (problem: Error) => problem,
    );
    if (failed) return tabularErrors.sqlFailed(feature.name, firstLine(failed.message));
  }
  return tabularErrors.sqlFailed("where", firstLine(reason));
}

const names = (columns: readonly Column[]) => columns.map((column) => column.name);

export function known<T extends Column>(columns: readonly T[], wanted: string): T {
  const found = columns.find((column) => column.name === wanted);
  if (!found) throw tabularErrors.columnMissing([wanted], names(columns));
  return found;
}
