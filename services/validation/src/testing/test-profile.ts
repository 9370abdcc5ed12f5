import type { ColumnProfile } from "@cascade/tabular";

/** The profile of a column of text, with what differs from it. */
export const column = (name: string, changes: Partial<ColumnProfile>): ColumnProfile => ({
  name,
  type: "string",
  nulls: 0,
  nonFinite: 0,
  distinct: 2,
  distinctExact: true,
  min: null,
  max: null,
  mean: null,
  standardDeviation: null,
  quantiles: null,
  histogram: null,
  topValues: [],
  lengths: null,
  patterns: [],
  ...changes,
});
