import { nextBelow } from "../../next-below.ts";
import type { ColumnSketch } from "../../sketch-types.ts";
import type { CanonicalColumn } from "../canonical.ts";
import type { Database } from "../database.ts";
import type { ColumnPlan } from "./column-plan.ts";
import type { ClaimedBounds } from "./column-stats.ts";
import { keysOf } from "./keys-of.ts";
import { planCells } from "./plan-cells.ts";
import { countPatterns } from "./text-patterns.ts";
import { TEXT_MAX } from "./text-values.ts";

/** Up to so many different values are counted one by one. */
export const VALUES_MAX = 10_000;
/** Of a sample that holds more different values than this, the whole is taken to hold too many. */
const SAMPLE_VALUES_MAX = 5000;
/** The share of values seen once in a sample is about the chance that the next one is new (I. J. Good, 1953). */
const NEW_SHARE_MAX = 0.02;
/** A text is frequent in a sample from this share of its rows on. */
const FREQUENT_SHARE = 0.002;
const FREQUENT_MAX = 50;
const PATTERNS_MAX = 20;

type Few = Extract<ColumnSketch["content"], { kind: "few" }>["values"];

/** How to look at a column, by the values that a sample of it has. */
export async function planColumn(
  database: Database,
  column: CanonicalColumn,
  sample: Few,
  bounds: ClaimedBounds | undefined,
): Promise<ColumnPlan> {
  const once = sample.filter(({ count }) => count === 1).length;
  const rows = sample.reduce((sum, { count }) => sum + count, 0);
  if (sample.length <= SAMPLE_VALUES_MAX && once <= NEW_SHARE_MAX * rows)
    return { column, look: { kind: "few", valuesMax: VALUES_MAX } };
  return planMany(database, column, sample, bounds);
}

/** The same for a column that is known to have many values. */
export async function planMany(
  database: Database,
  column: CanonicalColumn,
  sample: Few,
  bounds: ClaimedBounds | undefined,
): Promise<ColumnPlan> {
  const rows = sample.reduce((sum, { count }) => sum + count, 0);
  if (column.type === "string") {
    const frequent = sample
      .filter(({ count, length = 0 }) => count > 1 && count >= FREQUENT_SHARE * rows && length <= TEXT_MAX)
      .sort((a, b) => b.count - a.count)
      .slice(0, FREQUENT_MAX)
      .map(({ value, length = 0 }) => ({ value: String(value), length }));
    const withKeys = await keysOf(database, frequent);
    return {
      column,
      look: { kind: "texts", frequent: withKeys, patterns: countPatterns(sample, PATTERNS_MAX) },
    };
  }
  const numbers = sample.map(({ value, count }) => ({ value: Number(value), count }));
  // Anywhere near the mean will do: what matters is that sums of squares do not cancel out.
  const pivot = numbers.reduce((mean, { value, count }) => mean + value * (count / rows), 0);
  const below = column.type === "number" ? nextBelow : (value: number) => Math.ceil(value) - 1;
  return {
    column,
    look: {
      kind: "numbers",
      pivot: Number.isFinite(pivot) ? pivot : 0,
      edges: planCells(numbers, bounds, below),
    },
  };
}
