import { sumOf } from "./sum.ts";

/**
 * Jensen-Shannon distance of two sets of counts over the same cells: the square root of the mean of both
 * Kullback-Leibler divergences from their middle. With base 2 it is 0 for equal shares and 1 where nothing is in
 * common. No rows at all are taken as no distance.
 */
export function jensenShannonDistance(
  a: readonly number[],
  b: readonly number[],
  base: number = Math.E,
): number {
  const [totalA, totalB] = [sumOf(a), sumOf(b)];
  if (totalA === 0 || totalB === 0) return 0;
  const terms = a.map((count, cell) => {
    const [p, q] = [count / totalA, (b[cell] ?? 0) / totalB];
    const middle = (p + q) / 2;
    return relativeEntropy(p, middle) + relativeEntropy(q, middle);
  });
  // Rounding may leave a divergence of equal shares just below zero.
  return Math.sqrt(Math.max(0, sumOf(terms) / 2) / Math.log(base));
}

const relativeEntropy = (p: number, q: number) => (p === 0 ? 0 : p * Math.log(p / q));
