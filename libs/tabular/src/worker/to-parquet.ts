import { rm, stat } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { tabularErrors } from "../errors.ts";
import type { Column, CsvOptions, InputFile, TableLimits } from "../types.ts";
import { type AllowedTypes, narrow, sampleTypes, typesOf } from "./column-types.ts";
import { type Access, asResourceError, type Database, withDatabase } from "./database.ts";
import { type DecidedColumn, decideColumns, toldColumns, undeclaredIn } from "./decide-columns.ts";
import { explainValues } from "./explain-values.ts";
import { makeReadable } from "./make-readable.ts";
import { asReadError, checkFiles, openSource } from "./source.ts";
import type { Source } from "./source-types.ts";
import { text } from "./sql-text.ts";
import { selectTable } from "./table-query.ts";

// Zstandard at its default level, fixed group size, no statement of time or machine: the same rows give the
// same bytes. The engine's own temporary name would be outside of the allowed paths.
export const PARQUET_OPTIONS = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880, USE_TMP_FILE false";

export type ToParquetArguments = {
  readonly access: Access;
  readonly files: readonly InputFile[];
  readonly columns?: readonly Column[] | undefined;
  /** Types that undeclared columns had before: kept where they hold all values. */
  readonly known?: readonly Column[] | undefined;
  readonly csv?: CsvOptions | undefined;
  readonly output: string;
  readonly limits: TableLimits;
};
export type Table = {
  readonly rowCount: number;
  readonly columns: readonly Column[];
  readonly sizeBytes: number;
};

export async function toParquet({
  access,
  files,
  columns = [],
  known = [],
  csv = {},
  output,
  limits,
}: ToParquetArguments): Promise<Table> {
  await checkFiles(files, limits.bytes);
  const readable = await makeReadable(files, csv, access);
  return withDatabase(readable.access, async (database) => {
    await checkParquetSize(database, files, limits);
    const sources: Source[] = [];
    for (const file of readable.files)
      sources.push(await openSource(database, file, csv, columns, limits.columns));
    const made = await makeTable({ database, sources, declared: columns, known, output, limits });
    const rowCount = await database.number(`SELECT num_rows FROM parquet_file_metadata(${text(output)})`);
    if (rowCount > limits.rows) {
      await rm(output, { force: true });
      throw tabularErrors.tooManyRows(rowCount, limits.rows);
    }
    return { rowCount, columns: toldColumns(made), sizeBytes: (await stat(output)).size };
  });
}

type Making = {
  readonly database: Database;
  readonly sources: readonly Source[];
  readonly declared: readonly Column[];
  readonly known: readonly Column[];
  readonly output: string;
  readonly limits: TableLimits;
};

/**
 * Types that the beginnings of the files speak for are taken for those of all rows, and the copy stops at a value
 * that speaks against one: then all values are asked, and the copy is made again. So a file is read once where it
 * goes on as it begins, and the table is the same in both cases.
 */
async function makeTable(making: Making): Promise<DecidedColumn[]> {
  const { database, sources, declared, known, limits } = making;
  const undeclared = undeclaredIn(sources, declared);
  const decide = (allowed: readonly AllowedTypes[]) => decideColumns(declared, typesOf(allowed, known));
  const sampled: AllowedTypes[] = [];
  for (const source of undeclared) sampled.push(await sampleTypes(database, source));
  const likely = decide(sampled);
  if (likely.length > limits.columns) throw tabularErrors.tooManyColumns(likely.length, limits.columns);
  const problem = await copy(making, likely);
  if (problem === undefined) return likely;

  const all: AllowedTypes[] = [];
  for (const [index, source] of undeclared.entries())
    all.push(await narrow(database, source, sampled[index] ?? new Map()));
  const table = decide(all);
  const wrong = isDeepStrictEqual(table, likely) ? problem : await copy(making, table);
  if (wrong === undefined) return table;
  throw await explainValues(database, sources, table, wrong);
}

/** Gives the problem where there is one with the data. */
async function copy(
  { database, sources, output }: Making,
  table: readonly DecidedColumn[],
): Promise<unknown> {
  const selects = sources.map((source) => selectTable(source, table));
  try {
    await database.run(`COPY (${selects.join(" UNION ALL ")}) TO ${text(output)} (${PARQUET_OPTIONS})`);
    return undefined;
  } catch (error) {
    const resource = asResourceError(error);
    if (resource !== undefined) throw resource;
    return error;
  }
}

/** A small Parquet file can stand for billions of values; its footer says how many, so it is asked first. */
async function checkParquetSize(
  database: Database,
  files: readonly InputFile[],
  limits: TableLimits,
): Promise<void> {
  let rows = 0;
  for (const file of files.filter(({ format }) => format === "parquet")) {
    try {
      rows += await rowsOfParquet(database, file);
      const columns = await database.number(
        `SELECT count(*) FROM parquet_schema(${text(file.path)}) WHERE num_children IS NULL`,
      );
      if (columns > limits.columns) throw tabularErrors.tooManyColumns(columns, limits.columns);
    } catch (error) {
      throw asReadError(error, file);
    }
  }
  if (rows > limits.rows) throw tabularErrors.tooManyRows(rows, limits.rows);
}

/** What the footer says of the file and of its row groups: the engine reads by the second, and asks nobody. */
async function rowsOfParquet(database: Database, { path }: InputFile): Promise<number> {
  const claimed = await database.number(`SELECT num_rows FROM parquet_file_metadata(${text(path)})`);
  const groups = `SELECT DISTINCT row_group_id, row_group_num_rows AS n FROM parquet_metadata(${text(path)})`;
  const { rows, least } = await database.one(`SELECT sum(n) AS rows, min(n) AS least FROM (${groups})`);
  const found = Number(rows ?? 0);
  if (claimed !== found || Number(least ?? 0) < 0)
    throw tabularErrors.parquetUnreadable(path, `it claims ${claimed} rows, its row groups ${found}.`);
  return claimed;
}
