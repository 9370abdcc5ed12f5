import type { PatternCount } from "../../sketch-types.ts";
import type { CanonicalColumn } from "../canonical.ts";

/** Cells that are fixed before the scan. The edges rise; values above the last one have a cell of their own. */
export type NumbersPlan = {
  readonly kind: "numbers";
  readonly pivot: number;
  readonly edges: readonly number[];
};
export type TextsPlan = {
  readonly kind: "texts";
  readonly frequent: readonly { readonly value: string; readonly key: bigint; readonly length: number }[];
  readonly patterns: readonly PatternCount[];
};
/** `valuesMax`: more different values than this are too many to count one by one. */
type FewPlan = { readonly kind: "few"; readonly valuesMax: number };

/** How a column is looked at in a scan. */
export type ColumnPlan = {
  readonly column: CanonicalColumn;
  readonly look: FewPlan | NumbersPlan | TextsPlan;
};
