import { rm, stat } from "node:fs/promises";
import { tabularErrors } from "../errors.ts";
import type { Column, ColumnType, CsvOptions, InputFile, TableLimits } from "../types.ts";
import { PHYSICAL_TYPE } from "./canonical.ts";
import { type Access, type Database, withDatabase } from "./database.ts";
import { makeReadable } from "./make-readable.ts";
import { asReadError, checkFiles, commonType, explainRead, inferTypes, openSource } from "./source.ts";
import { refuseDuplicates, type Source } from "./source-types.ts";
import { name, text } from "./sql-text.ts";
import { tryFromCanonical, tryFromText } from "./text-types.ts";

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
    const table = await decideColumns(database, sources, columns, known);
    if (table.length > limits.columns) throw tabularErrors.tooManyColumns(table.length, limits.columns);
    const selects = sources.map((source) => selectAs(source, table));
    try {
      await database.run(`COPY (${selects.join(" UNION ALL ")}) TO ${text(output)} (${PARQUET_OPTIONS})`);
    } catch (error) {
      throw await explain(database, sources, table, error);
    }
    const rowCount = await database.number(`SELECT num_rows FROM parquet_file_metadata(${text(output)})`);
    if (rowCount > limits.rows) {
      await rm(output, { force: true });
      throw tabularErrors.tooManyRows(rowCount, limits.rows);
    }
    return { rowCount, columns: table, sizeBytes: (await stat(output)).size };
  });
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

/** Declared columns first, in their order; then what the files have beyond them. */
export async function decideColumns(
  database: Database,
  sources: readonly Source[],
  declared: readonly Column[],
  known: readonly Column[] = [],
): Promise<(Column & { nullable: boolean })[]> {
  refuseDuplicates(declared.map((column) => column.name));
  const spelling = new Map<string, string>();
  for (const column of [...declared, ...sources.flatMap((source) => source.columns)]) {
    const key = column.name.toLowerCase();
    const known = spelling.get(key) ?? column.name;
    if (known !== column.name) throw tabularErrors.columnDuplicate([known, column.name]);
    spelling.set(key, known);
  }
  const everywhere = (column: string) =>
    sources.every((source) => source.columns.some((found) => found.name === column));
  const anywhere = (column: string) =>
    sources.some((source) => source.columns.some((found) => found.name === column));
  const missing = declared.filter(
    (column) => !(column.nullable ? anywhere(column.name) : everywhere(column.name)),
  );
  if (missing.length > 0) {
    throw tabularErrors.columnMissing(
      missing.map((column) => column.name),
      [...new Set(sources.flatMap((source) => source.columns.map((column) => column.name)))],
    );
  }

  const names = new Set(declared.map((column) => column.name));
  const extra = new Map<string, ColumnType | undefined>();
  for (const source of sources) {
    const undeclared = { ...source, columns: source.columns.filter((column) => !names.has(column.name)) };
    for (const [column, type] of await inferTypes(database, undeclared))
      extra.set(column, commonType(extra.get(column), type));
  }
  const before = new Map(known.map((column) => [column.name, column.type]));
  return [
    ...declared.map((column) => ({
      name: column.name,
      type: column.type,
      nullable: column.nullable ?? false,
    })),
    ...[...extra].map(([column, type]) => ({
      name: column,
      type: asBefore(type, before.get(column)) ?? "string",
      nullable: true,
    })),
  ];
}

/** The type that a column had before, where it holds what is there now: a text column may well have only digits once. */
function asBefore(type: ColumnType | undefined, before: ColumnType | undefined): ColumnType | undefined {
  return commonType(type, before) === before ? before : type;
}

type Value = { readonly column: Column; readonly raw: string; readonly value: string };

function valuesOf(source: Source, table: readonly Column[]): Value[] {
  return table.map((column) => {
    const found = source.columns.find((candidate) => candidate.name === column.name);
    if (!found) return { column, raw: "NULL", value: `CAST(NULL AS ${PHYSICAL_TYPE[column.type]})` };
    const value =
      found.type === undefined
        ? tryFromText(found.sql, column.type)
        : tryFromCanonical(found.sql, found.type, column.type);
    return { column, raw: found.sql, value };
  });
}

/** A value that is there but cannot be read as its type stops the work; which one it was is found out afterwards. */
function selectAs(source: Source, table: readonly Column[]): string {
  const values = valuesOf(source, table).map(({ column, raw, value }) => {
    if (value === raw) return `${value} AS ${name(column.name)}`;
    return `CASE WHEN ${raw} IS NULL OR (${value}) IS NOT NULL THEN ${value} ELSE error('VALUE_NOT_OF_TYPE') END AS ${name(column.name)}`;
  });
  return `SELECT ${values.join(", ")} FROM ${source.relation}`;
}

async function explain(
  database: Database,
  sources: readonly Source[],
  table: readonly Column[],
  error: unknown,
): Promise<unknown> {
  for (const source of sources) {
    const bad = valuesOf(source, table).filter(({ raw, value }) => value !== raw && raw !== "NULL");
    const place = unusedName("cascade_row", source);
    const wrong = bad.flatMap(({ raw, value }, index) => {
      const where = `FILTER (WHERE ${raw} IS NOT NULL AND (${value}) IS NULL)`;
      return [`min(${place}) ${where} AS c${index}`, `count(*) ${where} AS n${index}`];
    });
    const numbered = `(SELECT *, row_number() OVER () AS ${place} FROM ${source.relation})`;
    try {
      const first =
        wrong.length === 0 ? {} : await database.one(`SELECT ${wrong.join(", ")} FROM ${numbered}`);
      if (wrong.length === 0) await database.one(`SELECT count(COLUMNS(*)) FROM ${source.relation}`);
      const rows = bad.map((_, index) => first[`c${index}`]);
      const at = rows.reduce<number>(
        (best, row, index) =>
          row !== null && row !== undefined && (best < 0 || Number(row) < Number(rows[best])) ? index : best,
        -1,
      );
      const found = bad[at];
      if (!found) continue;
      const row = Number(rows[at]);
      const value = await database.one(
        `SELECT CAST(${found.raw} AS VARCHAR) AS value FROM ${numbered} WHERE ${place} = ${row}`,
      );
      const count = bad.reduce((sum, _, index) => sum + Number(first[`n${index}`]), 0);
      const { name: column, type } = found.column;
      return tabularErrors.valueNotOfType(column, type, row, String(value.value), count);
    } catch (problem) {
      return explainRead(database, source, problem);
    }
  }
  return sources.length === 1 && sources[0] ? explainRead(database, sources[0], error) : error;
}

/** A name that none of the file's columns has. */
function unusedName(wanted: string, { columns }: Source): string {
  const taken = new Set(columns.map((column) => column.name.toLowerCase()));
  let name = wanted;
  while (taken.has(name)) name += "_";
  return name;
}
