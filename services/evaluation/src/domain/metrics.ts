import type { Metrics } from "@cascade/contracts";

/** A classifier's answers: one row of shares after another, and the class it names for each row. */
export interface ClassAnswers {
  readonly width: number;
  readonly shares: Float64Array;
  readonly labels: Int32Array;
}

// scikit-learn's limit for double precision: a certain but wrong answer is very bad, not infinitely bad.
const shareMin = Number.EPSILON;

/** All metrics of a classification. One that is not defined on these rows is left out. */
export function measureClasses(truth: Int32Array, answers: ClassAnswers): Metrics {
  if (truth.length === 0) return {};
  return finiteOnly({
    auc: areaUnderCurve(truth, answers),
    logLoss: logLoss(truth, answers),
    brier: brier(truth, answers),
    accuracy:
      truth.reduce((sum, index, row) => sum + (answers.labels[row] === index ? 1 : 0), 0) / truth.length,
  });
}

/** All metrics of a regression. */
export function measureNumbers(truth: Float64Array, predicted: Float64Array): Metrics {
  const rows = truth.length;
  if (rows === 0) return {};
  const mean = truth.reduce((sum, value) => sum + value, 0) / rows;
  let squared = 0;
  let absolute = 0;
  let spread = 0;
  for (let row = 0; row < rows; row++) {
    const value = truth[row] ?? Number.NaN;
    const error = (predicted[row] ?? Number.NaN) - value;
    squared += error * error;
    absolute += Math.abs(error);
    spread += (value - mean) ** 2;
  }
  return finiteOnly({
    rmse: Math.sqrt(squared / rows),
    mae: absolute / rows,
    r2: spread > 0 ? 1 - squared / spread : Number.NaN,
  });
}

/** Of two classes: that a true row scores above a false one. Of more: the mean over each class against the rest. */
function areaUnderCurve(truth: Int32Array, { width, shares }: ClassAnswers): number {
  const areaOf = (index: number) =>
    rankArea(
      truth,
      index,
      Float64Array.from(truth, (_, row) => shares[row * width + index] ?? Number.NaN),
    );
  if (width === 2) return areaOf(1);
  let sum = 0;
  for (let index = 0; index < width; index++) sum += areaOf(index);
  return sum / width;
}

/** The area under the ROC curve by ranks: exact, rows with equal scores share their rank. */
function rankArea(truth: Int32Array, positive: number, scores: Float64Array): number {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start] ?? 0];
    let end = start;
    let hits = 0;
    while (end < order.length && scores[order[end] ?? 0] === score) {
      if (truth[order[end] ?? 0] === positive) hits++;
      end++;
    }
    // NaN equals nothing, itself included: there is no rank, and without ranks no area.
    if (end === start) return Number.NaN;
    rankSum += hits * ((start + 1 + end) / 2);
    positives += hits;
    start = end;
  }
  const negatives = truth.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

function logLoss(truth: Int32Array, { width, shares }: ClassAnswers): number {
  let total = 0;
  for (let row = 0; row < truth.length; row++) {
    const index = truth[row] ?? -1;
    const share = index < 0 ? 0 : (shares[row * width + index] ?? Number.NaN);
    total -= Math.log(Math.min(Math.max(share, shareMin), 1 - shareMin));
  }
  return total / truth.length;
}

/** The mean squared distance to the truth: of the one share for two classes, of all shares for more. */
function brier(truth: Int32Array, { width, shares }: ClassAnswers): number {
  let total = 0;
  for (let row = 0; row < truth.length; row++) {
    for (let index = 0; index < width; index++) {
      total += ((shares[row * width + index] ?? Number.NaN) - (truth[row] === index ? 1 : 0)) ** 2;
    }
    if ((truth[row] ?? -1) < 0) total += 1;
  }
  return total / truth.length / (width === 2 ? 2 : 1);
}

function finiteOnly(metrics: Record<string, number>): Metrics {
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)));
}
