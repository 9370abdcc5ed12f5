import { categoryOf, countAgainst, populationStabilityIndex } from "../drift.ts";
import type { ColumnReference } from "../reference-types.ts";
import { chiSquareTest } from "./chi-square.ts";
import { jensenShannonDistance } from "./jensen-shannon.ts";
import { kolmogorovSmirnov } from "./kolmogorov-smirnov.ts";
import { wassersteinDistance } from "./wasserstein.ts";

export type DistributionTest = "psi" | "jensen-shannon" | "wasserstein" | "kolmogorov-smirnov" | "chi-square";

/** Values of one column: numbers with NaN for a missing value, or texts. */
export type Values = Float64Array | readonly (string | null)[];

export type Distance = {
  /** 0 where both are alike; larger the more they differ. */
  readonly score: number;
  /** Of the tests that have one: how likely a score at least as large is by chance alone. */
  readonly pValue?: number;
};

const BINS = 10;
const CATEGORIES_MAX = 100;

/**
 * How far current values are from reference values. Psi, Jensen-Shannon (with base 2) and chi-square compare shares
 * of cells: tenths of the reference, or its categories, with missing values as a cell of their own. Wasserstein and
 * Kolmogorov-Smirnov compare finite numbers one by one; the former in standard deviations of the reference, so that
 * it does not depend on the unit. They say nothing about texts: those are alike.
 */
export function compareValues(test: DistributionTest, reference: Values, current: Values): Distance {
  switch (test) {
    case "wasserstein":
      return { score: standardised(finite(reference), finite(current)) };
    case "kolmogorov-smirnov": {
      const { statistic, pValue } = kolmogorovSmirnov(finite(reference), finite(current));
      return { score: statistic, pValue };
    }
    case "psi":
    case "jensen-shannon":
    case "chi-square":
      return compareCells(test, reference, current);
    default:
      return test satisfies never;
  }
}

function compareCells(
  test: "psi" | "jensen-shannon" | "chi-square",
  reference: Values,
  current: Values,
): Distance {
  const cells = cellsOf(reference);
  const [before, after] = [count(cells, reference), count(cells, current)];
  if (test === "jensen-shannon") return { score: jensenShannonDistance(before, after, 2) };
  if (test === "chi-square") {
    const { statistic, pValue } = chiSquareTest(before, after);
    return { score: statistic, pValue };
  }
  if (reference.length === 0) return { score: 0 };
  const shares = before.map((found) => found / reference.length);
  return { score: populationStabilityIndex({ ...cells, shares }, after) };
}

function count(cells: ColumnReference, values: Values): readonly number[] {
  const all: readonly unknown[] = Array.from<unknown>(values);
  const rows = all.map((value) => ({ [cells.name]: value }));
  return countAgainst({ rowCount: rows.length, columns: [cells] }, rows).columns[cells.name] ?? [];
}

function cellsOf(values: Values): ColumnReference {
  const name = "value";
  if (values instanceof Float64Array) {
    const numbers = finite(values);
    const tenths = Array.from({ length: BINS - 1 }, (_, index) => {
      return numbers[Math.ceil((numbers.length * (index + 1)) / BINS) - 1];
    });
    // Many equal values give equal tenths; one edge is enough for them.
    const edges = [...new Set(tenths.filter((edge) => edge !== undefined))];
    return { name, kind: "numeric", edges, shares: new Array(edges.length + 2).fill(0) };
  }
  const counts = new Map<string, number>();
  for (const value of values) {
    if (value !== null) counts.set(categoryOf(value), (counts.get(categoryOf(value)) ?? 0) + 1);
  }
  const categories = [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, CATEGORIES_MAX)
    .map(([category]) => category);
  return { name, kind: "categorical", categories, shares: new Array(categories.length + 2).fill(0) };
}

function finite(values: Values): Float64Array {
  return values instanceof Float64Array ? values.filter(Number.isFinite).sort() : new Float64Array();
}

function standardised(reference: Float64Array, current: Float64Array): number {
  // The squares of large numbers overflow; those of numbers between -1 and 1 do not.
  const largest = [reference[0], reference.at(-1), current[0], current.at(-1)].map((value) =>
    Math.abs(value ?? 0),
  );
  const scale = Math.max(...largest) || 1;
  const [before, after] = [reference.map((value) => value / scale), current.map((value) => value / scale)];
  const distance = wassersteinDistance(before, after);
  const mean = before.reduce((sum, value) => sum + value / before.length, 0);
  const variance = before.reduce((sum, value) => sum + (value - mean) ** 2 / before.length, 0);
  // Values that were all the same have no spread to measure by: what is not the same is far away.
  if (variance === 0) return distance === 0 ? 0 : Number.MAX_VALUE;
  return Math.min(distance / Math.sqrt(variance), Number.MAX_VALUE);
}
