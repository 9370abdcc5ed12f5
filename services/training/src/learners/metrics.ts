import type { Predictions } from "./predictions.ts";
import type { Label } from "./table.ts";

/** The usual figures of a task on labelled rows. A figure that is not defined on them is left out. */
export function measure(label: Label, predictions: Predictions): Record<string, number> {
  if (label.task === "regression") return regressionMetrics(label.values, predictions.values);
  const common = {
    logLoss: logLoss(label.values, predictions),
    accuracy: accuracy(label.values, predictions),
  };
  if (label.task === "multiclass") return common;
  const scores = predictions.values.filter((_, index) => index % 2 === 1);
  const area = areaUnderCurve(label.values, scores);
  return area === undefined ? common : { auc: area, ...common };
}

function regressionMetrics(truth: Float64Array, predicted: Float64Array): Record<string, number> {
  const count = truth.length;
  const mean = truth.reduce((sum, value) => sum + value, 0) / count;
  let squared = 0;
  let absolute = 0;
  let spread = 0;
  truth.forEach((value, row) => {
    const error = (predicted[row] ?? 0) - value;
    squared += error * error;
    absolute += Math.abs(error);
    spread += (value - mean) ** 2;
  });
  const metrics = { rmse: Math.sqrt(squared / count), mae: absolute / count };
  return spread > 0 ? { ...metrics, r2: 1 - squared / spread } : metrics;
}

/** A certain but wrong answer would be infinitely bad; shares are kept this far away from zero. */
const shareMin = 1e-15;

function logLoss(truth: Float64Array, { width, values }: Predictions): number {
  let total = 0;
  truth.forEach((classIndex, row) => {
    total -= Math.log(Math.max(values[row * width + classIndex] ?? 0, shareMin));
  });
  return total / truth.length;
}

function accuracy(truth: Float64Array, { width, values }: Predictions): number {
  let right = 0;
  truth.forEach((classIndex, row) => {
    const own = values.subarray(row * width, (row + 1) * width);
    let best = 0;
    own.forEach((share, index) => {
      if (share > (own[best] ?? 0)) best = index;
    });
    if (best === classIndex) right++;
  });
  return right / truth.length;
}

/** Area under the ROC curve by ranks; equal scores share their rank. Undefined when a class is absent. */
export function areaUnderCurve(truth: Float64Array, scores: Float64Array): number | undefined {
  const order = Uint32Array.from(truth.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start] ?? 0];
    let end = start;
    let hits = 0;
    while (end < order.length && scores[order[end] ?? 0] === score) hits += truth[order[end++] ?? 0] ?? 0;
    rankSum += hits * ((start + 1 + end) / 2);
    positives += hits;
    start = end;
  }
  const negatives = truth.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
