import type { Task } from "./table.ts";

/** What raw scores mean: predictions for regression, class probabilities otherwise, row by row. */
export interface Predictions {
  /** 1 for regression, the number of classes otherwise. */
  readonly width: number;
  readonly values: Float64Array;
}

/** The learner's own answer, in double precision; the exported graph must agree with it. */
export function predictionsOf(task: Task, classCount: number, scores: Float64Array): Predictions {
  if (task === "regression") return { width: 1, values: scores };
  if (task === "binary") {
    const values = new Float64Array(scores.length * 2);
    scores.forEach((score, row) => {
      values[row * 2] = 1 / (1 + Math.exp(score));
      values[row * 2 + 1] = 1 / (1 + Math.exp(-score));
    });
    return { width: 2, values };
  }
  const values = new Float64Array(scores.length);
  for (let at = 0; at < scores.length; at += classCount) {
    const own = scores.subarray(at, at + classCount);
    const peak = own.reduce((highest, score) => Math.max(highest, score), Number.NEGATIVE_INFINITY);
    const exponentials = own.map((score) => Math.exp(score - peak));
    const total = exponentials.reduce((sum, value) => sum + value, 0);
    values.set(
      exponentials.map((value) => value / total),
      at,
    );
  }
  return { width: classCount, values };
}
