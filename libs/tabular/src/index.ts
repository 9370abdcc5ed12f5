export { type RowError, rowTime } from "./coerce-row.ts";
export type { ColumnDrift } from "./compare-sketches.ts";
export { addCounts, countAgainst, populationStabilityIndex } from "./drift.ts";
export { TabularError, TabularErrorCode, type TabularErrorDetails } from "./errors.ts";
export {
  type CheckReport,
  type Expectation,
  type ExpectationResult,
  inferExpectations,
  type Scalar,
} from "./expectations.ts";
export { openTabular, type TabularOptions } from "./open-tabular.ts";
export {
  openTransformer,
  type TransformedRows,
  type Transformer,
  type TransformerOptions,
} from "./open-transformer.ts";
export type { Bound, ColumnProfile, Profile } from "./profile-types.ts";
export type { CellCounts, ColumnReference, Reference, ReferenceColumn } from "./reference-types.ts";
export type { TableSketch } from "./sketch-types.ts";
export { type ChiSquare, chiSquareTest } from "./statistics/chi-square.ts";
export {
  compareValues,
  type Distance,
  type DistributionTest,
  type Values,
} from "./statistics/compare-values.ts";
export { explainedShare } from "./statistics/explained-share.ts";
export { jensenShannonDistance } from "./statistics/jensen-shannon.ts";
export { type KolmogorovSmirnov, kolmogorovSmirnov } from "./statistics/kolmogorov-smirnov.ts";
export { wassersteinDistance } from "./statistics/wasserstein.ts";
export type { Tabular } from "./tabular.ts";
export type {
  CallOptions,
  Column,
  ColumnType,
  CsvEncoding,
  CsvOptions,
  FileFormat,
  InputFile,
  JsonRow,
  JsonValue,
  SqlColumn,
  TableLimits,
} from "./types.ts";
export type { Aggregate } from "./worker/aggregates.ts";
export type { Description } from "./worker/describe.ts";
export type { Exported } from "./worker/export-rows.ts";
export type { History } from "./worker/history.ts";
export type { PastLookup } from "./worker/point-in-time.ts";
export type { ColumnValues, ReadColumns } from "./worker/read.ts";
export type { Selected } from "./worker/select.ts";
export type { Split } from "./worker/split.ts";
export type { Table } from "./worker/to-parquet.ts";
