import { thresholdsMax } from "./memory-layout.ts";
import { sortFloats } from "./sort-floats.ts";

/** Rows looked at when a column's thresholds are chosen; more do not move them noticeably. */
const sampleRowsMax = 200_000;

/**
 * Chooses the values that separate a column's bins: all midpoints when there are few distinct values,
 * quantiles otherwise. Thresholds are float32 like the values, so that serving compares as training did.
 */
export function chooseThresholds(values: Float32Array, random: () => number): Float32Array {
  const sorted = sortFloats(sample(values, random));
  const distinct = firstDistinct(sorted, thresholdsMax + 2);
  if (distinct.length <= thresholdsMax + 1) {
    return Float32Array.from({ length: Math.max(0, distinct.length - 1) }, (_, index) =>
      between(distinct[index] ?? 0, distinct[index + 1] ?? 0),
    );
  }
  const chosen: number[] = [];
  const binCount = thresholdsMax + 1;
  const highest = sorted[sorted.length - 1] ?? 0;
  let last = Number.NEGATIVE_INFINITY;
  for (let quantile = 1; quantile < binCount; quantile++) {
    const position = Math.max(1, Math.floor((quantile * sorted.length) / binCount));
    const threshold = between(sorted[position - 1] ?? 0, sorted[position] ?? 0);
    if (threshold > last && threshold < highest) chosen.push(threshold);
    last = Math.max(last, threshold);
  }
  return Float32Array.from(chosen);
}

/** The distinct values of a sorted list, up to so many. */
function firstDistinct(sorted: Float32Array, countMax: number): number[] {
  const distinct: number[] = [];
  for (const value of sorted) {
    if (distinct.length > 0 && value === distinct[distinct.length - 1]) continue;
    distinct.push(value);
    if (distinct.length === countMax) break;
  }
  return distinct;
}

/** A float32 t with low <= t < high; `low` itself when they are neighbours or infinite. */
function between(low: number, high: number): number {
  const middle = Math.fround(low / 2 + high / 2);
  return middle >= low && middle < high ? middle : low;
}

/** Present values: all of them, or one from each of many equal stretches. */
function sample(values: Float32Array, random: () => number): Float32Array {
  const length = Math.min(values.length, sampleRowsMax);
  const stretch = values.length / Math.max(1, length);
  const taken = new Float32Array(length);
  let count = 0;
  for (let index = 0; index < length; index++) {
    const offset = stretch > 1 ? random() : 0;
    const value = values[Math.min(values.length - 1, Math.floor((index + offset) * stretch))] ?? Number.NaN;
    if (!Number.isNaN(value)) taken[count++] = value;
  }
  return taken.subarray(0, count);
}
