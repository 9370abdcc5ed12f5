import type { Weights } from "./meter.ts";

/** Rows in the order of their scores, for metrics that only ask which row scores higher. */
export interface Ranking {
  /** Rows from the lowest score to the highest. */
  readonly order: Uint32Array;
  /** For each place in the order, 1 where its row scores as the next one does. */
  readonly tiesWithNext: Uint8Array;
  readonly isPositive: Uint8Array;
}

/** Undefined where a score is no number: without an order there is no area. */
export function rank(scores: Float64Array, isPositive: Uint8Array): Ranking | undefined {
  if (scores.some(Number.isNaN)) return undefined;
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  const tiesWithNext = Uint8Array.from(order, (row, place) => {
    const next = order[place + 1];
    return next !== undefined && scores[row] === scores[next] ? 1 : 0;
  });
  return { order, tiesWithNext, isPositive };
}

/**
 * The area under the ROC curve: how often a positive row scores above a negative one, ties counting half.
 * The same as the sum of ranks of Mann and Whitney.
 */
export function areaUnderCurve(
  { order, tiesWithNext, isPositive }: Ranking,
  weights: Weights | undefined,
): number {
  let [positives, negatives, area, tiedPositives, tiedNegatives] = [0, 0, 0, 0, 0];
  for (let place = 0; place < order.length; place++) {
    const row = order[place] ?? 0;
    const weight = weights === undefined ? 1 : (weights[row] ?? 0);
    if (isPositive[row] === 1) tiedPositives += weight;
    else tiedNegatives += weight;
    if (tiesWithNext[place] === 1) continue;
    area += tiedPositives * (negatives + tiedNegatives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
    tiedPositives = 0;
    tiedNegatives = 0;
  }
  return area / (positives * negatives);
}

/**
 * The area under the curve of precision over recall, as scikit-learn's average precision: the precision at each
 * distinct score, weighted by the recall that it adds.
 */
export function averagePrecision(
  { order, tiesWithNext, isPositive }: Ranking,
  weights: Weights | undefined,
): number {
  let [positives, all, sum, added] = [0, 0, 0, 0];
  for (let place = order.length - 1; place >= 0; place--) {
    const row = order[place] ?? 0;
    const weight = weights === undefined ? 1 : (weights[row] ?? 0);
    all += weight;
    if (isPositive[row] === 1) added += weight;
    if (place > 0 && tiesWithNext[place - 1] === 1) continue;
    positives += added;
    if (all > 0) sum += added * (positives / all);
    added = 0;
  }
  return sum / positives;
}
