import { upperGamma } from "./incomplete-gamma.ts";
import { sumOf } from "./sum.ts";

export type ChiSquare = {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
};

/**
 * Pearson's test of homogeneity: whether two sets of counts over the same cells have the same shares. Cells that
 * are empty on both sides say nothing; with less than two others, or without rows, there is nothing to tell apart.
 */
export function chiSquareTest(a: readonly number[], b: readonly number[]): ChiSquare {
  const [totalA, totalB] = [sumOf(a), sumOf(b)];
  const cells = a.map((count, cell) => [count, b[cell] ?? 0] as const).filter(([x, y]) => x + y > 0);
  if (cells.length < 2 || totalA === 0 || totalB === 0) {
    return { statistic: 0, degreesOfFreedom: 0, pValue: 1 };
  }
  const terms = cells.map(([x, y]) => {
    const expectedA = ((x + y) * totalA) / (totalA + totalB);
    const expectedB = ((x + y) * totalB) / (totalA + totalB);
    return (x - expectedA) ** 2 / expectedA + (y - expectedB) ** 2 / expectedB;
  });
  const statistic = sumOf(terms);
  const degreesOfFreedom = cells.length - 1;
  return { statistic, degreesOfFreedom, pValue: upperGamma(degreesOfFreedom / 2, statistic / 2) };
}
