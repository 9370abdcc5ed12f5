import type { MetricName, Metrics, ServableModel } from "@cascade/contracts";
import { likeliest } from "./prediction.ts";
import { classIndex, type LabelledOutput, labelNumber } from "./truth.ts";

/** The same definitions as in the evaluation, so that live and expected values can be compared. */
export function measure(
  rows: readonly LabelledOutput[],
  servable: Pick<ServableModel, "task" | "classes">,
): Metrics {
  const metrics =
    servable.task === "regression" ? measureNumbers(rows) : measureClasses(rows, servable.classes ?? []);
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)));
}

type Measured = Partial<Record<MetricName, number>>;

function measureNumbers(rows: readonly LabelledOutput[]): Measured {
  const pairs = rows.flatMap(({ output, label }) => {
    const truth = labelNumber(label);
    return truth === undefined || typeof output !== "number" ? [] : [{ truth, error: output - truth }];
  });
  const count = pairs.length;
  const sum = (of: (pair: { truth: number; error: number }) => number) =>
    pairs.reduce((total, pair) => total + of(pair), 0);
  const mean = sum(({ truth }) => truth) / count;
  const squared = sum(({ error }) => error * error);
  const spread = sum(({ truth }) => (truth - mean) ** 2);
  return {
    rmse: Math.sqrt(squared / count),
    mae: sum(({ error }) => Math.abs(error)) / count,
    r2: spread > 0 ? 1 - squared / spread : Number.NaN,
  };
}

interface ClassRow {
  readonly shares: readonly number[];
  readonly truth: number;
}

function measureClasses(rows: readonly LabelledOutput[], classes: readonly string[]): Measured {
  const known = rows.flatMap(({ output, label }): ClassRow[] => {
    const truth = classIndex(label, classes);
    // Of two classes a label that names neither says nothing; of many it is a class the model cannot name.
    const unusable = typeof output === "number" || output.length !== classes.length;
    return unusable || (truth < 0 && classes.length === 2) ? [] : [{ shares: output, truth }];
  });
  const mean = (of: (row: ClassRow) => number) =>
    known.reduce((total, row) => total + of(row), 0) / known.length;
  return {
    auc: areaUnderCurve(known, classes.length),
    logLoss: mean(({ shares, truth }) => -Math.log(clamped(truth < 0 ? 0 : (shares[truth] ?? Number.NaN)))),
    brier: mean((row) => brier(row)) / (classes.length === 2 ? 2 : 1),
    accuracy: mean(({ shares, truth }) => (likeliest(shares) === truth ? 1 : 0)),
  };
}

// scikit-learn's limit for double precision: a certain but wrong answer is very bad, not infinitely bad.
function clamped(share: number): number {
  return Math.min(Math.max(share, Number.EPSILON), 1 - Number.EPSILON);
}

function brier({ shares, truth }: ClassRow): number {
  const distance = shares.reduce((sum, share, index) => sum + (share - (index === truth ? 1 : 0)) ** 2, 0);
  return distance + (truth < 0 ? 1 : 0);
}

/** Of two classes: that a true row scores above a false one. Of more: the mean over each class against the rest. */
function areaUnderCurve(rows: readonly ClassRow[], classes: number): number {
  if (classes === 2) return rankArea(rows, 1);
  let sum = 0;
  for (let index = 0; index < classes; index++) sum += rankArea(rows, index);
  return sum / classes;
}

/** The area under the ROC curve by ranks: exact, rows with equal scores share their rank. */
function rankArea(rows: readonly ClassRow[], positive: number): number {
  const scored = rows
    .map(({ shares, truth }) => ({ score: shares[positive] ?? 0, hit: truth === positive }))
    .sort((a, b) => a.score - b.score);
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < scored.length; ) {
    let end = start;
    let hits = 0;
    for (; end < scored.length && scored[end]?.score === scored[start]?.score; end++) {
      if (scored[end]?.hit) hits++;
    }
    rankSum += hits * ((start + 1 + end) / 2);
    positives += hits;
    start = end;
  }
  const negatives = rows.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

const higherIsBetter: ReadonlySet<MetricName> = new Set(["auc", "accuracy", "r2"]);

/** By how much a measured value is worse than the expected one; negative where it is better. */
export function dropOf(metric: MetricName, expected: number, measured: number): number {
  return higherIsBetter.has(metric) ? expected - measured : measured - expected;
}
