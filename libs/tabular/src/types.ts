/** The five types that a column can have, whatever the file called it. */
export type ColumnType = "boolean" | "integer" | "number" | "string" | "timestamp";

/** A column of a table. Unless `nullable` is true, a row without a value for it is a bad row when serving. */
export type Column = {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable?: boolean | undefined;
};

export type FileFormat = "csv" | "parquet" | "json-lines";
export type InputFile = { readonly path: string; readonly format: FileFormat };

/** How CSV files are written. Nothing is guessed: a wrong guess loses rows silently. */
export type CsvOptions = {
  /** "," unless given. */
  readonly delimiter?: string | undefined;
  /** `"` unless given. */
  readonly quote?: string | undefined;
  /** Whether the first record names the columns; true unless given. Without names they are column0, column1, … */
  readonly header?: boolean | undefined;
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
