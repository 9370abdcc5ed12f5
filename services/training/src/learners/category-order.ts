import type { CategoryColumn, Label } from "./table.ts";

export interface CategoryLimits {
  /** At most this many categories are told apart, the most frequent ones. */
  readonly categoriesMax: number;
  /** A category seen in fewer rows is treated as missing, so that a model cannot memorise it. */
  readonly categoryRowsMin: number;
}

/** How many pseudo-rows of the overall mean each category is mixed with before the order is taken. */
const smoothingRows = 10;

/** How often each category occurs. */
function countCategories(column: CategoryColumn): Float64Array {
  const counts = new Float64Array(column.categories.length);
  for (const code of column.codes) if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/** The codes worth telling apart, the most frequent first; ties by text, so that row order has no say. */
export function frequentCategories(column: CategoryColumn, limits: CategoryLimits): number[] {
  const counts = countCategories(column);
  const text = (code: number) => column.categories[code] ?? "";
  return (
    Array.from(counts.keys())
      // The runtime cuts a text at a NUL character, so such a category could not be recognised when serving.
      .filter((code) => (counts[code] ?? 0) >= limits.categoryRowsMin && !text(code).includes("\0"))
      .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || (text(a) < text(b) ? -1 : 1))
      .slice(0, limits.categoriesMax)
  );
}

/**
 * Puts categories in the order of their smoothed mean label, so that one threshold of a tree separates
 * "high" categories from "low" ones. For several classes the order is along the direction in which the
 * class shares differ most.
 */
export function orderCategories(column: CategoryColumn, label: Label, limits: CategoryLimits): string[] {
  const kept = frequentCategories(column, limits);
  const counts = countCategories(column);
  const dimensions = label.task === "multiclass" ? label.classes.length : 1;
  const overall = new Float64Array(dimensions);
  const sums = new Float64Array(dimensions * column.categories.length);
  label.values.forEach((value, row) => {
    const at = dimensions === 1 ? 0 : value;
    const amount = dimensions === 1 ? value : 1;
    overall[at] = (overall[at] ?? 0) + amount;
    const code = column.codes[row] ?? -1;
    if (code >= 0) sums[code * dimensions + at] = (sums[code * dimensions + at] ?? 0) + amount;
  });
  const rowCount = label.values.length;
  const deviations = kept.map((code) =>
    Float64Array.from(overall, (total, at) => {
      const mean = total / rowCount;
      const smoothed = (sums[code * dimensions + at] ?? 0) + smoothingRows * mean;
      return smoothed / ((counts[code] ?? 0) + smoothingRows) - mean;
    }),
  );
  const weights = kept.map((code) => counts[code] ?? 0);
  const direction = mainDirection(deviations, weights, dimensions);
  const position = new Map(
    kept.map((code, index) => [
      code,
      (deviations[index] ?? direction).reduce((sum, value, at) => sum + value * (direction[at] ?? 0), 0),
    ]),
  );
  const text = (code: number) => column.categories[code] ?? "";
  return kept
    .sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0) || (text(a) < text(b) ? -1 : 1))
    .map(text);
}

/** First principal direction of the weighted deviations, by power iteration from a fixed start. */
function mainDirection(rows: Float64Array[], weights: number[], dimensions: number): Float64Array {
  let direction = Float64Array.from({ length: dimensions }, (_, at) => 1 / (at + 1));
  if (dimensions === 1) return direction;
  for (let iteration = 0; iteration < 50; iteration++) {
    const next = new Float64Array(dimensions);
    rows.forEach((row, index) => {
      const projected = row.reduce((sum, value, at) => sum + value * (direction[at] ?? 0), 0);
      row.forEach((value, at) => {
        next[at] = (next[at] ?? 0) + (weights[index] ?? 0) * projected * value;
      });
    });
    const length = Math.hypot(...next);
    if (!(length > 0)) return direction;
    direction = next.map((value) => value / length);
  }
  return direction;
}
