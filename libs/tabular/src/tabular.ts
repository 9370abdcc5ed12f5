import type { ColumnDrift } from "./compare-sketches.ts";
import type { CheckReport } from "./expectations.ts";
import type { Profile } from "./profile-types.ts";
import type { Reference } from "./reference-types.ts";
import type { CallOptions, Column, CsvOptions, FileFormat, JsonRow, SqlColumn } from "./types.ts";
import type { CheckArguments } from "./worker/check.ts";
import type { Description } from "./worker/describe.ts";
import type { DriftArguments } from "./worker/drift.ts";
import type { EntityRows, EntityRowsArguments } from "./worker/entity-rows.ts";
import type { ExportArguments, Exported } from "./worker/export-rows.ts";
import type { PointInTime, PointInTimeArguments } from "./worker/point-in-time.ts";
import type { ProfileArguments, SketchArguments, Sketched } from "./worker/profile.ts";
import type { ReadColumns, ReadColumnsArguments, ReadRowsArguments } from "./worker/read.ts";
import type { ReferenceArguments } from "./worker/reference.ts";
import type { SampleArguments } from "./worker/sample.ts";
import type { SelectArguments, Selected } from "./worker/select.ts";
import type { Split, SplitArguments } from "./worker/split.ts";
import type { Table, ToParquetArguments } from "./worker/to-parquet.ts";
import type { WriteRowsArguments } from "./worker/write-rows.ts";

type Given<T> = Omit<T, "access">;

/** Work on tables in files, each call in a child process that can reach nothing but the files it was given. */
export type Tabular = {
  /** Columns and rows of files that form one table. */
  describe(
    args: { files: readonly string[]; format: FileFormat; csv?: CsvOptions | undefined },
    options?: CallOptions,
  ): Promise<Description>;
  /** Files of any format as one Parquet table of the five column types; the same input gives the same bytes. */
  toParquet(args: Given<ToParquetArguments>, options?: CallOptions): Promise<Table>;
  profile(args: Given<ProfileArguments>, options?: CallOptions): Promise<Profile>;
  /** The profile with its sketch; with the sketch of a table that has grown, only the new rows are looked at. */
  sketch(args: Given<SketchArguments>, options?: CallOptions): Promise<Sketched>;
  /** Checks expectations; with outputs, rows that break a failed row-level expectation are set aside with `_reasons`. */
  check(args: Given<CheckArguments>, options?: CallOptions): Promise<CheckReport>;
  /** Computes feature columns. */
  select(args: Given<SelectArguments>, options?: CallOptions): Promise<Selected>;
  /** Checks feature expressions without data and says what columns they give. */
  checkColumns(
    args: { input: readonly Column[]; columns: readonly SqlColumn[] },
    options?: CallOptions,
  ): Promise<Column[]>;
  /** Joins rows with what was known of their entities at their time: newest values and aggregates over windows. */
  pointInTime(args: Given<PointInTimeArguments>, options?: CallOptions): Promise<PointInTime>;
  /** What is known of each entity after its newest row, now and as rows leave the windows of aggregates. */
  entityRows(args: Given<EntityRowsArguments>, options?: CallOptions): Promise<EntityRows>;
  split(args: Given<SplitArguments>, options?: CallOptions): Promise<Split>;
  /** Writes every n-th row of some columns, always the same ones. */
  sample(args: Given<SampleArguments>, options?: CallOptions): Promise<Omit<Table, "sizeBytes">>;
  readColumns(args: Given<ReadColumnsArguments>, options?: CallOptions): Promise<ReadColumns>;
  readRows(args: Given<ReadRowsArguments>, options?: CallOptions): Promise<JsonRow[]>;
  /** Writes a table as CSV, JSON lines or Parquet, for people and other programs. */
  exportRows(args: Given<ExportArguments>, options?: CallOptions): Promise<Exported>;
  writeRows(args: Given<WriteRowsArguments>, options?: CallOptions): Promise<Table>;
  /** How far a window has moved from the table whose sketch is the reference, in one scan of the window. */
  drift(args: Given<DriftArguments>, options?: CallOptions): Promise<ColumnDrift[]>;
  reference(args: Given<ReferenceArguments>, options?: CallOptions): Promise<Reference>;
  close(): Promise<void>;
};
