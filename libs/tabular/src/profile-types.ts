import type { ColumnType } from "./types.ts";

/** Numbers for numeric columns, ISO 8601 text for timestamps, text for strings. */
export type Bound = number | string | null;

/** What one column holds. Mean, deviation, bounds and histogram leave out missing values, NaN and infinities. */
export type ColumnProfile = {
  readonly name: string;
  readonly type: ColumnType;
  readonly nulls: number;
  /** NaN and infinities, in columns of numbers. */
  readonly nonFinite: number;
  readonly distinct: number;
  /** False above the cap, where `distinct` is an estimate (within a few percent). */
  readonly distinctExact: boolean;
  readonly min: Bound;
  readonly max: Bound;
  /** Of booleans: the share of true. */
  readonly mean: number | null;
  /** Of the sample (divided by n - 1). */
  readonly standardDeviation: number | null;
  /** Of numbers and times. At most `rankError` of all values lie between what is said and what is true. */
  readonly quantiles: {
    readonly values: readonly { readonly q: number; readonly value: number | string }[];
    readonly rankError: number;
  } | null;
  /** Equal widths from min to max; count i is of values above edge i up to edge i + 1, the first with its lower edge. */
  readonly histogram: {
    readonly edges: readonly (number | string)[];
    readonly counts: readonly number[];
  } | null;
  /**
   * The most frequent values; all of them when `distinct` is not larger than their number. Of texts that are too
   * many to be counted one by one, those that are frequent in a sample.
   */
  readonly topValues: readonly { readonly value: string | number | boolean; readonly count: number }[];
  /** Characters, of texts. */
  readonly lengths: { readonly min: number; readonly max: number; readonly mean: number } | null;
  /**
   * Forms of texts, such as `A-9{6}` for `C-000123`, with the share of values that have them; of a sample of at
   * most 32,768 rows where values are too many to be counted one by one.
   */
  readonly patterns: readonly { readonly pattern: string; readonly share: number }[];
};

export type Profile = { readonly rowCount: number; readonly columns: readonly ColumnProfile[] };
