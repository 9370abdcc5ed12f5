import { sumOf } from "./sum.ts";

/**
 * First Wasserstein distance of two samples in ascending order, in the unit of the values: the area between their
 * distribution functions, or how far the mass of one has to be moved to become the other. An empty sample shows no
 * distance.
 */
export function wassersteinDistance(a: Float64Array, b: Float64Array): number {
  if (a.length === 0 || b.length === 0) return 0;
  return sumOf(areas(a, b));
}

function* areas(a: Float64Array, b: Float64Array): Generator<number> {
  let [i, j] = [0, 0];
  let before = Math.min(a[0] ?? 0, b[0] ?? 0);
  while (i < a.length || j < b.length) {
    const value = Math.min(a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY);
    yield Math.abs(i / a.length - j / b.length) * (value - before);
    while (i < a.length && (a[i] ?? 0) <= value) i += 1;
    while (j < b.length && (b[j] ?? 0) <= value) j += 1;
    before = value;
  }
}
