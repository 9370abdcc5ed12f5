import { stat } from "node:fs/promises";
import { TabularError, tabularErrors } from "../errors.ts";
import type { Column, CsvOptions, InputFile } from "../types.ts";
import { type CanonicalColumn, canonicalColumns } from "./canonical.ts";
import { countRejects, csvSource } from "./csv-source.ts";
import { type Database, firstLine } from "./database.ts";
import { type ReadableFile, refuseDuplicates, type Source } from "./source-types.ts";
import { name, text, texts } from "./sql-text.ts";

export async function checkFiles(files: readonly InputFile[], maxBytes: number): Promise<void> {
  let bytes = 0;
  for (const { path } of files) {
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) throw tabularErrors.fileMissing(path);
    if (found.size === 0) throw tabularErrors.fileEmpty(path);
    bytes += found.size;
  }
  if (bytes > maxBytes) throw tabularErrors.tooManyBytes(bytes, maxBytes);
}

export async function openSource(
  database: Database,
  file: ReadableFile,
  csv: CsvOptions,
  declared: readonly Column[],
  maxColumns: number,
): Promise<Source> {
  if (file.format === "csv") return csvSource(file, csv, declared, maxColumns);
  try {
    return file.format === "parquet"
      ? await parquetSource(database, file)
      : await jsonSource(database, file, maxColumns);
  } catch (error) {
    throw asReadError(error, file);
  }
}

async function parquetSource(database: Database, file: ReadableFile): Promise<Source> {
  const relation = readParquet([file.path]);
  const { columns, unsupported } = await canonicalColumns(database, `SELECT * FROM ${relation}`);
  if (unsupported.length > 0) throw tabularErrors.columnUnsupported(unsupported);
  refuseDuplicates(columns.map((column) => column.name));
  return { file, relation, columns };
}

async function jsonSource(database: Database, file: ReadableFile, maxColumns: number): Promise<Source> {
  // Many columns are no reason to take a record for a map, and its whole for one value.
  // At depth 1 the engine keeps every value as the JSON that it was, so that types are our decision.
  const form = file.format === "json" ? "array" : "newline_delimited";
  const relation = `read_json(${text(file.path)}, format = '${form}', records = true, sample_size = -1, maximum_depth = 1, map_inference_threshold = -1, compression = 'uncompressed', hive_partitioning = false)`;
  const { columns } = await canonicalColumns(database, `SELECT * FROM ${relation}`);
  if (columns.length > maxColumns) throw tabularErrors.tooManyColumns(columns.length, maxColumns);
  if (columns.length > 0) {
    const nested = columns.map(
      (column, index) =>
        `coalesce(bool_or(json_type(${name(column.name)}) IN ('OBJECT', 'ARRAY')), false) AS c${index}`,
    );
    const found = await database.one(`SELECT ${nested.join(", ")} FROM ${relation}`);
    const unsupported = columns
      .filter((_, index) => found[`c${index}`] === true)
      .map((column) => column.name);
    if (unsupported.length > 0) throw tabularErrors.columnUnsupported(unsupported);
  }
  return {
    file,
    relation,
    columns: columns.map((column) => ({
      name: column.name,
      sql: `(${name(column.name)} ->> '$')`,
      type: undefined,
    })),
  };
}

/** Several Parquet files as one relation, in the order given. */
export function readParquet(paths: readonly string[], more = ""): string {
  return `read_parquet(${texts(paths)}, union_by_name = true, hive_partitioning = false${more})`;
}

/** The columns of Parquet files that were written here, with the relation to select them from. */
export async function openTable(
  database: Database,
  paths: readonly string[],
): Promise<{ relation: string; columns: CanonicalColumn[] }> {
  const relation = readParquet(paths);
  const [path = ""] = paths;
  try {
    const { columns, unsupported } = await canonicalColumns(database, `SELECT * FROM ${relation}`);
    if (unsupported.length > 0) throw tabularErrors.columnUnsupported(unsupported);
    return { relation, columns };
  } catch (error) {
    throw asReadError(error, { path, format: "parquet" });
  }
}

export async function readOrExplain<T>(
  database: Database,
  source: Source,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw await explainRead(database, source, error);
  }
}

/** What is wrong with a file, and for CSV with how many of its records. */
export async function explainRead(database: Database, source: Source, error: unknown): Promise<unknown> {
  const problem = asReadError(error, source.file);
  return problem instanceof TabularError && problem.code === "CSV_UNREADABLE"
    ? countRejects(database, source, problem)
    : problem;
}

/** The engine's message without its advice, which names options that our callers do not have. */
export function asReadError(error: unknown, { path, format }: InputFile): unknown {
  if (
    !(error instanceof Error) ||
    "whatToDo" in error ||
    /^(Out of Memory|INTERNAL) Error/.test(error.message)
  )
    return error;
  if (format === "parquet") return tabularErrors.parquetUnreadable(path, firstLine(error.message));
  const lines = error.message.split("\n");
  if (format === "json-lines" || format === "json") {
    const line = /in (?:line|record\/value) (\d+)/.exec(error.message)?.[1];
    return tabularErrors.jsonUnreadable(
      path,
      format,
      firstLine(error.message),
      line === undefined ? undefined : Number(line),
    );
  }
  const row = /CSV Error on Line: (\d+)/.exec(lines[0] ?? "")?.[1];
  const column = /column "([^"]*)"/.exec(error.message)?.[1];
  const end = lines.findIndex((line) => /^Possible|^\s*file =/.test(line));
  const reason = (row === undefined ? lines.slice(0, 1) : lines.slice(1, end < 0 ? 4 : end))
    .filter((line) => line.trim() !== "")
    .join(" ");
  return tabularErrors.csvUnreadable(path, reason.slice(0, 500), {
    ...(row === undefined ? {} : { row: Number(row) }),
    ...(column === undefined ? {} : { column }),
  });
}
