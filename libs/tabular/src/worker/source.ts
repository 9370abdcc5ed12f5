import { stat } from "node:fs/promises";
import { tabularErrors } from "../errors.ts";
import type { ColumnType, CsvOptions, InputFile } from "../types.ts";
import { type CanonicalColumn, canonicalColumns } from "./canonical.ts";
import { readFirstRecord } from "./csv-header.ts";
import { type Database, firstLine } from "./database.ts";
import { name, text, texts } from "./sql-text.ts";
import { looksLike } from "./text-types.ts";

/**
 * One input file as a relation. Columns of CSV and JSON are text (`type` undefined) until it is decided what
 * they are; Parquet says it itself.
 */
export type Source = {
  readonly file: InputFile;
  readonly relation: string;
  readonly columns: readonly {
    readonly name: string;
    readonly sql: string;
    readonly type: ColumnType | undefined;
  }[];
};

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
  file: InputFile,
  csv: CsvOptions,
  maxColumns: number,
): Promise<Source> {
  if (file.format === "csv") return csvSource(file, csv, maxColumns);
  try {
    return file.format === "parquet"
      ? await parquetSource(database, file)
      : await jsonSource(database, file, maxColumns);
  } catch (error) {
    throw asReadError(error, file);
  }
}

async function csvSource(file: InputFile, csv: CsvOptions, maxColumns: number): Promise<Source> {
  const mistake = mistakeIn(csv);
  if (mistake !== undefined) throw tabularErrors.csvUnreadable(file.path, mistake);
  const first = await readFirstRecord(file.path, csv);
  if (first.length > maxColumns) throw tabularErrors.tooManyColumns(first.length, maxColumns);
  const header = csv.header ?? true;
  // A column without a name (as in files written with an index) is named by its place.
  const names = first.map((field, index) => (header && field !== "" ? field : `column${index}`));
  refuseDuplicates(names);
  const options = [
    "auto_detect = false",
    `delim = ${text(csv.delimiter ?? ",")}`,
    `quote = ${text(csv.quote ?? '"')}`,
    `escape = ${text(csv.quote ?? '"')}`,
    `header = ${header}`,
    `nullstr = ${texts(csv.nullValues ?? [""])}`,
    "compression = 'none'",
    "strict_mode = true",
    "hive_partitioning = false",
    `columns = {${names.map((column) => `${text(column)}: 'VARCHAR'`).join(", ")}}`,
  ];
  const relation = `read_csv(${text(file.path)}, ${options.join(", ")})`;
  return {
    file,
    relation,
    columns: names.map((column) => ({ name: column, sql: name(column), type: undefined })),
  };
}

/** What the engine would read in another way than we do, or not at all. */
function mistakeIn({ delimiter = ",", quote = '"' }: CsvOptions): string | undefined {
  if (!/^[^\r\n\0]?$/.test(quote)) return "the quote must be one character, and neither line end nor NUL.";
  const separates = quote === "" || !delimiter.includes(quote);
  return separates && /^[^\r\n\0]{1,4}$/.test(delimiter)
    ? undefined
    : "the delimiter must be 1 to 4 characters without line end, NUL and quote.";
}

async function parquetSource(database: Database, file: InputFile): Promise<Source> {
  const relation = readParquet([file.path]);
  const { columns, unsupported } = await canonicalColumns(database, `SELECT * FROM ${relation}`);
  if (unsupported.length > 0) throw tabularErrors.columnUnsupported(unsupported);
  refuseDuplicates(columns.map((column) => column.name));
  return { file, relation, columns };
}

async function jsonSource(database: Database, file: InputFile, maxColumns: number): Promise<Source> {
  // Many columns are no reason to take a record for a map, and its whole for one value.
  // At depth 1 the engine keeps every value as the JSON that it was, so that types are our decision.
  const relation = `read_json(${text(file.path)}, format = 'newline_delimited', records = true, sample_size = -1, maximum_depth = 1, map_inference_threshold = -1, compression = 'uncompressed', hive_partitioning = false)`;
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

/** The type of each text column of a file, from all of its values; a column without any value is a string. */
export async function inferTypes(
  database: Database,
  source: Source,
): Promise<Map<string, ColumnType | undefined>> {
  const candidates = ["boolean", "integer", "number", "timestamp"] as const;
  const types = new Map<string, ColumnType | undefined>(
    source.columns.map((column) => [column.name, column.type]),
  );
  const open = source.columns.filter((column) => column.type === undefined);
  if (open.length === 0) return types;
  const counts = open.flatMap((column, index) => [
    `count(${column.sql}) AS n${index}`,
    ...candidates.map((type) => `count_if(${looksLike(column.sql, type)}) AS ${type}${index}`),
  ]);
  const found = await readOrExplain(source.file, () =>
    database.one(`SELECT ${counts.join(", ")} FROM ${source.relation}`),
  );
  open.forEach((column, index) => {
    const values = Number(found[`n${index}`]);
    const type = candidates.find((candidate) => Number(found[`${candidate}${index}`]) === values);
    // Undefined still: no value at all, so that another file may decide.
    types.set(column.name, values === 0 ? undefined : (type ?? "string"));
  });
  return types;
}

/** The type that holds the values of both. */
export function commonType(a: ColumnType | undefined, b: ColumnType | undefined): ColumnType | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  const numeric = (type: ColumnType) => type === "integer" || type === "number";
  return numeric(a) && numeric(b) ? "number" : "string";
}

export function refuseDuplicates(names: readonly string[]): void {
  const seen = new Set<string>();
  const twice = names.filter((column) => seen.size === seen.add(column.toLowerCase()).size);
  if (twice.length > 0) throw tabularErrors.columnDuplicate(twice);
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

export async function readOrExplain<T>(file: InputFile, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw asReadError(error, file);
  }
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
  if (format === "json-lines") {
    const line = /in line (\d+)/.exec(error.message)?.[1];
    return tabularErrors.jsonUnreadable(
      path,
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
  return tabularErrors.csvUnreadable(
    path,
    reason.slice(0, 500),
    row === undefined ? undefined : Number(row),
    column,
  );
}
