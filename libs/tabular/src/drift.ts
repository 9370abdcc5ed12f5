import type { CellCounts, ColumnReference, Reference } from "./reference-types.ts";

const EMPTY_SHARE = 0.0001;

/** Counts rows into the cells of a reference, in plain JavaScript: this runs where predictions are logged. */
export function countAgainst(
  reference: Reference,
  rows: readonly Readonly<Record<string, unknown>>[],
): CellCounts {
  const columns = reference.columns.map((column) => {
    const counts = new Array<number>(column.shares.length).fill(0);
    const cellOf = column.kind === "numeric" ? numericCell(column.edges) : categoricalCell(column.categories);
    for (const row of rows) {
      const cell = cellOf(Object.hasOwn(row, column.name) ? row[column.name] : null);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    return [column.name, counts] as const;
  });
  return { rowCount: rows.length, columns: Object.fromEntries(columns) };
}

/** The counts of two windows as those of one. */
export function addCounts(a: CellCounts, b: CellCounts): CellCounts {
  const columns = Object.entries(a.columns).map(
    ([name, counts]) => [name, counts.map((count, cell) => count + (b.columns[name]?.[cell] ?? 0))] as const,
  );
  return { rowCount: a.rowCount + b.rowCount, columns: Object.fromEntries(columns) };
}

/**
 * Population stability index of one column: the sum over all cells of (a - e) * ln(a / e), where e is the share
 * of the reference and a that of the current window (N. Siddiqi, Credit Risk Scorecards, 2006, chapter 9; it is
 * the symmetric Kullback-Leibler divergence). A share of zero is taken as 0.0001, so that an empty cell weighs
 * heavily but not infinitely. By convention below 0.1 is stable and above 0.25 a shift. In a small window chance
 * alone gives about (cells - 1) * (1 / rows + 1 / reference rows).
 */
export function populationStabilityIndex(reference: ColumnReference, counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 0;
  return reference.shares.reduce((sum, share, cell) => {
    const expected = Math.max(share, EMPTY_SHARE);
    const actual = Math.max((counts[cell] ?? 0) / total, EMPTY_SHARE);
    return sum + (actual - expected) * Math.log(actual / expected);
  }, 0);
}

/** The name of a category: what JSON shows, so that stored tables and live rows agree. */
export function categoryOf(value: unknown): string {
  return typeof value === "number" && Object.is(value, -0) ? "0" : String(value);
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === "number" && Number.isNaN(value));
}

function numericCell(edges: readonly number[]): (value: unknown) => number {
  const missing = edges.length + 1;
  return (value) => {
    const number = typeof value === "boolean" ? Number(value) : value;
    // A text where a number belongs is as good as no value.
    if (isMissing(number) || typeof number !== "number") return missing;
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (number <= (edges[middle] ?? Number.POSITIVE_INFINITY)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

function categoricalCell(categories: readonly string[]): (value: unknown) => number {
  const cells = new Map(categories.map((category, cell) => [category, cell]));
  return (value) =>
    isMissing(value) ? categories.length + 1 : (cells.get(categoryOf(value)) ?? categories.length);
}
