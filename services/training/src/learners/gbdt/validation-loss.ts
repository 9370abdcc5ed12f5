import type { Crew } from "./crew.ts";
import { exponential } from "./exponential.ts";

/** Sums of exponentials are multiplied in batches this long before one logarithm is taken of them. */
const batchRows = 64;

/** Mean loss of the validation rows under the current scores: squared error, or negative log-likelihood of weighted rows. */
export function validationLoss(crew: Crew): number {
  const { task, validationRows, isWeighted } = crew.layout;
  if (isWeighted) return weightedLoss(crew);
  const total = task === "regression" ? squared(crew) : task === "binary" ? logistic(crew) : softmax(crew);
  return total / validationRows;
}

function view(crew: Crew, address: number, length: number): Float64Array {
  return new Float64Array(crew.memory.buffer, address, length);
}

function squared(crew: Crew): number {
  const { scores, labels, trainRows, validationRows } = crew.layout;
  const predicted = view(crew, scores + trainRows * 8, validationRows);
  const truth = view(crew, labels + trainRows * 8, validationRows);
  let total = 0;
  for (let row = 0; row < validationRows; row++) total += ((predicted[row] ?? 0) - (truth[row] ?? 0)) ** 2;
  return total;
}

function logistic(crew: Crew): number {
  const { scores, labels, losses, trainRows, validationRows } = crew.layout;
  const offset = trainRows * 8;
  const batches = crew.first.kernel.logisticLoss(scores + offset, labels + offset, validationRows, losses);
  const parts = view(crew, losses, batches * 4);
  let total = 0;
  for (let at = 0; at < parts.length; at += 4) {
    total += (parts[at] ?? 0) + (parts[at + 1] ?? 0);
    total += Math.log(parts[at + 2] ?? 1) + Math.log(parts[at + 3] ?? 1);
  }
  // The kernel takes rows in pairs; an odd last one is left.
  if (validationRows % 2 === 0) return total;
  const last = offset + (validationRows - 1) * 8;
  const [score = 0] = view(crew, scores + last, 1);
  const [label = 0] = view(crew, labels + last, 1);
  const against = label === 1 ? -score : score;
  return total + Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(against)));
}

function softmax(crew: Crew): number {
  const { scores, labels, peaks, totals, scoreStride, classCount, trainRows, validationRows } = crew.layout;
  const offset = trainRows * 8;
  const [ownPeaks, ownTotals] = [peaks + offset, totals + offset];
  crew.first.kernel.softmaxTotals(
    scores + offset,
    scoreStride,
    classCount,
    ownPeaks,
    ownTotals,
    validationRows,
  );
  const peak = view(crew, ownPeaks, validationRows);
  const sums = view(crew, ownTotals, validationRows);
  const truth = view(crew, labels + offset, validationRows);
  const all = view(crew, scores, (scoreStride / 8) * classCount);
  let total = 0;
  let product = 1;
  for (let row = 0; row < validationRows; row++) {
    const own = all[((truth[row] ?? 0) * scoreStride) / 8 + trainRows + row] ?? 0;
    total += (peak[row] ?? 0) - own;
    product *= sums[row] ?? 1;
    if ((row + 1) % batchRows !== 0) continue;
    total += Math.log(product);
    product = 1;
  }
  return total + Math.log(product);
}

/** Row by row: a product of many rows, as the other losses take it, cannot count them differently. */
function weightedLoss(crew: Crew): number {
  const { scores, labels, weights, scoreStride, classCount, trainRows, validationRows } = crew.layout;
  const truth = view(crew, labels + trainRows * 8, validationRows);
  const counts = new Float32Array(crew.memory.buffer, weights + trainRows * 4, validationRows);
  const own = Array.from({ length: classCount }, (_, index) =>
    view(crew, scores + index * scoreStride + trainRows * 8, validationRows),
  );
  let total = 0;
  let weight = 0;
  for (let row = 0; row < validationRows; row++) {
    const right = truth[row] ?? 0;
    const all = own.map((score) => score[row] ?? 0);
    // One score is that of the second of two classes, against a first one of zero.
    if (classCount === 1) all.unshift(0);
    const peak = Math.max(...all);
    const sum = all.reduce((sofar, score) => sofar + exponential(score - peak), 0);
    total += (counts[row] ?? 0) * (peak + Math.log(sum) - (all[right] ?? 0));
    weight += counts[row] ?? 0;
  }
  return total / weight;
}
