/** The five types that a column can have, whatever the file called it. */
export type ColumnType = "boolean" | "integer" | "number" | "string" | "timestamp";

/** A column of a table. Unless `nullable` is true, a row without a value for it is a bad row when serving. */
export type Column = {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable?: boolean | undefined;
};

export type FileFormat = "csv" | "parquet" | "json-lines" | "json";
export type InputFile = { readonly path: string; readonly format: FileFormat };

/** Encodings that a CSV file may be stated to have. */
export type CsvEncoding =
  | "utf-8"
  | "utf-16le"
  | "utf-16be"
  | "windows-1250"
  | "windows-1251"
  | "windows-1252"
  | "iso-8859-2"
  | "iso-8859-15"
  | "shift_jis"
  | "gb18030"
  | "euc-kr";

/** How CSV files are written. What is stated is taken as it is, what is left out is found in each file. */
export type CsvOptions = {
  /** A comma, semicolon, tab or vertical bar where it is left out. */
  readonly delimiter?: string | undefined;
  /** `"`, or `'` where a file begins with it, where it is left out. */
  readonly quote?: string | undefined;
  /** Whether the first record names the columns. Without names they are the declared ones, or column0, column1, … */
  readonly header?: boolean | undefined;
  /** UTF-8, or UTF-16 where a file begins with its mark, where it is left out. */
  readonly encoding?: CsvEncoding | undefined;
  /** What stands for "no value"; the empty text unless given. */
  readonly nullValues?: readonly string[] | undefined;
};

/** What one table may have at most, checked before or while it is read. */
export type TableLimits = { readonly rows: number; readonly columns: number; readonly bytes: number };

/** The last argument of every operation. */
export type CallOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
};

/** A value as it stands in JSON: timestamps are ISO 8601 text in UTC, NaN and infinities are null. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[];
export type JsonRow = Readonly<Record<string, JsonValue>>;

/** A feature column: its name and one scalar SQL expression over the input columns. */
export type SqlColumn = { readonly name: string; readonly sql: string };
