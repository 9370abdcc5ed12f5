import type { ColumnType } from "./types.ts";

/** Every value of a column with how often it is there. Times are microseconds. */
export type FewValues = {
  readonly kind: "few";
  readonly values: readonly {
    readonly value: number | string;
    readonly count: number;
    /** Characters of the whole text, of which `value` is the beginning. */
    readonly length?: number;
  }[];
};

/**
 * A column of numbers that has many values: moments, and how many values lie in each cell. Cell i holds what is
 * above edge i - 1 up to edge i, the last what is above all edges. Both are exact for every value that was seen.
 */
export type ManyNumbers = {
  readonly kind: "numbers";
  /** HyperLogLog registers, in base64. */
  readonly registers: string;
  readonly min: number;
  readonly max: number;
  /** Sum and sum of squares of what is left when `pivot` is taken away from each value. */
  readonly pivot: number;
  readonly sum: number;
  readonly squares: number;
  readonly edges: readonly number[];
  readonly counts: readonly number[];
};

/** How many rows have a text of that form. */
export type PatternCount = { readonly pattern: string; readonly count: number };

/** A column of text that has many values. */
type ManyTexts = {
  readonly kind: "texts";
  readonly registers: string;
  readonly min: string;
  readonly max: string;
  readonly lengths: { readonly sum: number; readonly min: number; readonly max: number };
  /** Values that are frequent in the sample, counted in all rows. */
  readonly frequent: readonly { readonly value: string; readonly count: number; readonly length: number }[];
  /** Rows of the sample, by the form that their text has. */
  readonly patterns: readonly PatternCount[];
};

/** What is kept of a column so that another part of the table can be added to it. */
export type ColumnSketch = {
  readonly name: string;
  readonly type: ColumnType;
  readonly nulls: number;
  /** Values that are there, with NaN and infinities. */
  readonly count: number;
  /** NaN, infinity, negative infinity. */
  readonly odd: readonly [number, number, number];
  readonly content: FewValues | ManyNumbers | ManyTexts;
};

/** What is kept of a table: its profile follows from it, and those of tables that it is a part of. */
export type TableSketch = { readonly rowCount: number; readonly columns: readonly ColumnSketch[] };
