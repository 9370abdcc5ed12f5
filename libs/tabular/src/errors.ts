/** Everything that can be wrong with a table, an expression or the work on it. */
export const TabularErrorCode = {
  pathUnusable: "PATH_UNUSABLE",
  fileMissing: "FILE_MISSING",
  fileEmpty: "FILE_EMPTY",
  csvUnreadable: "CSV_UNREADABLE",
  parquetUnreadable: "PARQUET_UNREADABLE",
  jsonUnreadable: "JSON_UNREADABLE",
  columnMissing: "COLUMN_MISSING",
  columnDuplicate: "COLUMN_DUPLICATE",
  columnUnsupported: "COLUMN_UNSUPPORTED",
  valueNotOfType: "VALUE_NOT_OF_TYPE",
  tooManyRows: "TOO_MANY_ROWS",
  tooManyColumns: "TOO_MANY_COLUMNS",
  tooManyBytes: "TOO_MANY_BYTES",
  sqlRefused: "SQL_REFUSED",
  sqlFailed: "SQL_FAILED",
  splitImpossible: "SPLIT_IMPOSSIBLE",
  diskFull: "DISK_FULL",
  memory: "MEMORY",
  timeout: "TIMEOUT",
  cancelled: "CANCELLED",
  crashed: "CRASHED",
  closed: "CLOSED",
  unexpected: "UNEXPECTED",
} as const;
export type TabularErrorCode = (typeof TabularErrorCode)[keyof typeof TabularErrorCode];

const CODES: ReadonlySet<string> = new Set(Object.values(TabularErrorCode));

export function isTabularErrorCode(code: unknown): code is TabularErrorCode {
  return typeof code === "string" && CODES.has(code);
}

/** What may be known about the place of an error; only what is known is there. */
export type TabularErrorDetails = {
  readonly file?: string;
  readonly row?: number;
  readonly column?: string;
  readonly columns?: readonly string[];
  readonly value?: string;
  /** How many lines or values are wrong in the same way. */
  readonly count?: number;
  readonly reason?: string;
};

/** A table or an expression is not usable, or the work on it was ended. */
export class TabularError extends Error {
  readonly code: TabularErrorCode;
  readonly whatToDo: string;
  readonly details: TabularErrorDetails;

  constructor(
    code: TabularErrorCode,
    message: string,
    whatToDo: string,
    details: TabularErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "TabularError";
    this.code = code;
    this.whatToDo = whatToDo;
    this.details = details;
  }
}

const list = (names: readonly string[]) =>
  names
    .slice(0, 20)
    .map((name) => JSON.stringify(name.slice(0, 100)))
    .join(", ") + (names.length > 20 ? ", …" : "");

/** Where a CSV file is wrong first, and how often. */
export type CsvPlace = {
  readonly row?: number;
  readonly column?: string;
  /** The place of the field in its line, for fields beyond the last column. */
  readonly field?: number;
  readonly count?: number;
  readonly counted?: "all" | "at least";
};

function told({ row, column, field }: CsvPlace): string {
  const line = row === undefined ? "" : ` at line ${row}`;
  if (column !== undefined) return `${line}, column ${JSON.stringify(column)}`;
  return field === undefined ? line : `${line}, field ${field}`;
}

function ofHowMany({ count = 1, counted }: CsvPlace): string {
  if (count === 1) return "";
  return ` In all, ${counted === "at least" ? `at least ${count}` : count} lines of the file cannot be read.`;
}

/** What the engine says may end without a full stop. */
const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

export const tabularErrors = {
  pathUnusable: (path: string, why: string) =>
    new TabularError(
      "PATH_UNUSABLE",
      `The path ${JSON.stringify(path)} cannot be used: ${why}.`,
      "Copy the file to a plain absolute path first.",
      { file: path },
    ),
  fileMissing: (file: string) =>
    new TabularError(
      "FILE_MISSING",
      `There is no file ${file}.`,
      "Check that it was written, and that it was not removed before it was read.",
      { file },
    ),
  fileEmpty: (file: string) =>
    new TabularError(
      "FILE_EMPTY",
      `The file ${file} is empty.`,
      "Write at least a header; an upload that was cut off must be repeated.",
      { file },
    ),
  csvUnreadable: (file: string, reason: string, place: CsvPlace = {}) =>
    new TabularError(
      "CSV_UNREADABLE",
      `The CSV file cannot be read${told(place)}: ${place.count === undefined || place.count === 1 ? reason : sentence(reason)}${ofHowMany(place)}`,
      /utf-8|unicode/i.test(reason)
        ? "Write the file in UTF-8, all of it in the same encoding, or state the one that it has as data.csv.encoding, such as windows-1252."
        : "Correct the line, or state the delimiter, quote and header that the file really has. It must have one encoding and one kind of line ending.",
      {
        file,
        reason,
        ...(place.row === undefined ? {} : { row: place.row }),
        ...(place.column === undefined ? {} : { column: place.column }),
        ...(place.count === undefined ? {} : { count: place.count }),
      },
    ),
  parquetUnreadable: (file: string, reason: string) =>
    new TabularError(
      "PARQUET_UNREADABLE",
      `The Parquet file cannot be read: ${reason}`,
      "Write it again; a file that was cut off while it was copied looks like this.",
      { file, reason },
    ),
  jsonUnreadable: (file: string, format: "json" | "json-lines", reason: string, row?: number) =>
    new TabularError(
      "JSON_UNREADABLE",
      `The file is not ${format === "json" ? "one JSON list of objects" : "one JSON object a line"}: ${reason}`,
      format === "json"
        ? "Write one list of plain objects in UTF-8, or state the format json-lines where each line is an object."
        : "Write one complete object on each line, in UTF-8, or state the format json where the file is one list.",
      { file, reason, ...(row === undefined ? {} : { row }) },
    ),
  columnMissing: (columns: readonly string[], has: readonly string[]) =>
    new TabularError(
      "COLUMN_MISSING",
      `The table has no column ${list(columns)}. It has: ${list(has)}.`,
      "Correct the name, add the column to the data, or take it out of the declared columns.",
      { columns },
    ),
  columnDuplicate: (columns: readonly string[]) =>
    new TabularError(
      "COLUMN_DUPLICATE",
      `More than one column is named ${list(columns)} (upper and lower case count as the same).`,
      "Give every column a name of its own.",
      { columns },
    ),
  columnUnsupported: (columns: readonly string[]) =>
    new TabularError(
      "COLUMN_UNSUPPORTED",
      `These columns hold lists, objects or binary data: ${list(columns)}.`,
      "Spread them over plain columns before they are ingested, or leave them out.",
      { columns },
    ),
  valueNotOfType: (column: string, type: string, row: number | undefined, value: string, count = 1) =>
    new TabularError(
      "VALUE_NOT_OF_TYPE",
      `${row === undefined ? "A row" : `Row ${row}`} has ${JSON.stringify(value.slice(0, 100))} in column ${JSON.stringify(column)}, which is not of type ${type}.${count === 1 ? "" : ` ${count} values of the file are not of their type.`}`,
      "Correct the value, or declare the column with the type that it has.",
      { column, value: value.slice(0, 100), count, ...(row === undefined ? {} : { row }) },
    ),
  tooManyRows: (rows: number, limit: number) =>
    new TabularError(
      "TOO_MANY_ROWS",
      `The table has ${rows} rows, more than the limit of ${limit}.`,
      "Split the data, or raise the limit of rows.",
    ),
  tooManyColumns: (columns: number, limit: number) =>
    new TabularError(
      "TOO_MANY_COLUMNS",
      `The table has ${columns} columns, more than the limit of ${limit}.`,
      "Leave out columns, or raise the limit of columns.",
    ),
  tooManyBytes: (bytes: number, limit: number) =>
    new TabularError(
      "TOO_MANY_BYTES",
      `The files have ${bytes} bytes, more than the limit of ${limit}.`,
      "Split the data, or raise the limit of bytes.",
    ),
  sqlRefused: (column: string, reason: string) =>
    new TabularError(
      "SQL_REFUSED",
      `The SQL of ${JSON.stringify(column)} is refused: ${reason}`,
      "Write one scalar expression over the input columns, with functions that give the same result whenever they run.",
      { column, reason },
    ),
  sqlFailed: (column: string, reason: string, row?: number) =>
    new TabularError(
      "SQL_FAILED",
      `The SQL of ${JSON.stringify(column)} failed on the data: ${reason}`,
      "Guard the expression, for example with try_cast, nullif or case.",
      { column, reason, ...(row === undefined ? {} : { row }) },
    ),
  splitImpossible: (reason: string) =>
    new TabularError(
      "SPLIT_IMPOSSIBLE",
      `The rows cannot be split: ${reason}`,
      "Use more rows, a wider window, or other fractions.",
      { reason },
    ),
  diskFull: (reason: string) =>
    new TabularError(
      "DISK_FULL",
      `There was no room left for intermediate results or the output: ${reason}`,
      "Free space in the temporary and the output folder, or give the work less data.",
      { reason },
    ),
  memory: (reason: string, cause?: unknown) =>
    new TabularError(
      "MEMORY",
      `The work needed more memory than it may have: ${reason}`,
      "Raise memoryLimitMiB, or give the work fewer rows or columns.",
      {},
      { cause },
    ),
  cancelled: (cause: unknown) =>
    new TabularError(
      "CANCELLED",
      "The work was cancelled by its caller.",
      "Nothing: the caller asked for it.",
      {},
      { cause },
    ),
  unexpected: (reason: string, cause?: unknown) =>
    new TabularError(
      "UNEXPECTED",
      `The table engine failed: ${reason}`,
      "Keep the input and report this: it is a defect of Cascade or of its table engine.",
      { reason },
      { cause },
    ),
};
