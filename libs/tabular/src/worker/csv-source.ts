import { TabularError, tabularErrors } from "../errors.ts";
import type { Column, CsvOptions } from "../types.ts";
import { readBeginning } from "./csv-header.ts";
import type { Database } from "./database.ts";
import { type ReadableFile, refuseDuplicates, type Source } from "./source-types.ts";
import { name, text, texts } from "./sql-text.ts";

/** How many records that cannot be read are counted; the rest is "or more". */
const REJECTS_MAX = 100_000;

export async function csvSource(
  file: ReadableFile,
  csv: CsvOptions,
  declared: readonly Column[],
  maxColumns: number,
): Promise<Source> {
  const mistake = mistakeIn(csv);
  if (mistake !== undefined) throw tabularErrors.csvUnreadable(file.path, mistake);
  const { dialect, first } = await readBeginning(file.readFrom, csv, declared);
  if (first.length > maxColumns) throw tabularErrors.tooManyColumns(first.length, maxColumns);
  const names = namesOf(first, dialect.header, declared);
  refuseDuplicates(names);
  const options = [
    "auto_detect = false",
    `delim = ${text(dialect.delimiter)}`,
    `quote = ${text(dialect.quote)}`,
    `escape = ${text(dialect.quote)}`,
    `header = ${dialect.header}`,
    `nullstr = ${texts(csv.nullValues ?? [""])}`,
    "compression = 'none'",
    "strict_mode = true",
    "hive_partitioning = false",
    `columns = {${names.map((column) => `${text(column)}: 'VARCHAR'`).join(", ")}}`,
  ];
  const relation = (more: readonly string[]) =>
    `read_csv(${text(file.readFrom)}, ${[...options, ...more].join(", ")})`;
  return {
    file,
    relation: relation([]),
    lenient: relation(["store_rejects = true", `rejects_limit = ${REJECTS_MAX}`]),
    columns: names.map((column) => ({ name: column, sql: name(column), type: undefined })),
  };
}

/** A column without a name (as in files written with an index) is named by its place; without a header, declared ones are meant. */
function namesOf(first: readonly string[], header: boolean, declared: readonly Column[]): string[] {
  if (!header && first.length === declared.length) return declared.map((column) => column.name);
  return first.map((field, index) => (header && field !== "" ? field : `column${index}`));
}

/** What the engine would read in another way than we do, or not at all. */
function mistakeIn({ delimiter = ",", quote = '"' }: CsvOptions): string | undefined {
  if (!/^[^\r\n\0]?$/.test(quote)) return "the quote must be one character, and neither line end nor NUL.";
  const separates = quote === "" || !delimiter.includes(quote);
  return separates && /^[^\r\n\0]{1,4}$/.test(delimiter)
    ? undefined
    : "the delimiter must be 1 to 4 characters without line end, NUL and quote.";
}

/** Reads a CSV file once more that could not be read: the first wrong record by its place, and how many there are. */
export async function countRejects(
  database: Database,
  { file, lenient }: Source,
  problem: TabularError,
): Promise<TabularError> {
  if (lenient === undefined) return problem;
  try {
    await database.run(`SELECT count(COLUMNS(*)) FROM ${lenient}`);
    const { count } = await database.one("SELECT count(DISTINCT line) AS count FROM reject_errors");
    const first = await database.one(
      "SELECT line, column_idx, column_name, error_message FROM reject_errors ORDER BY line, column_idx LIMIT 1",
    );
    if (first.line === undefined) return problem;
    const column = first.column_name === null ? undefined : String(first.column_name);
    return tabularErrors.csvUnreadable(file.path, String(first.error_message).split("\n", 1)[0] ?? "", {
      row: Number(first.line),
      ...(column === undefined ? {} : { column }),
      field: Number(first.column_idx),
      count: Number(count),
      counted: Number(count) < REJECTS_MAX ? "all" : "at least",
    });
  } catch (error) {
    // What cannot even be counted, such as a line without end, is told as it was found.
    if (error instanceof TabularError) throw error;
    return problem;
  }
}
