import type { Metrics } from "@cascade/contracts";
import { countConfusion, hitRates } from "./confusion.ts";
import { finiteOnly } from "./finite-only.ts";
import type { Meter, Weights } from "./meter.ts";
import { areaUnderCurve, averagePrecision, type Ranking, rank } from "./ranking.ts";
import { weightedMean } from "./weighted-mean.ts";

/** A classifier's answers: one row of shares after another, and the class it names for each row. */
export interface ClassAnswers {
  readonly width: number;
  readonly shares: Float64Array;
  readonly labels: Int32Array;
}

// scikit-learn's limit for double precision: a certain but wrong answer is very bad, not infinitely bad.
const shareMin = Number.EPSILON;
const calibrationBins = 10;

/** Metrics of a classification. `truth`: the index of each row's class, -1 where the model does not know it. */
export function classMeter(truth: Int32Array, answers: ClassAnswers): Meter {
  const { width, labels } = answers;
  const rows = truth.length;
  const losses = Float64Array.from(truth, (index, row) => logLoss(index, row, answers));
  const distances = Float64Array.from(truth, (index, row) => squaredDistance(index, row, answers));
  const isRight = Uint8Array.from(truth, (index, row) => (labels[row] === index ? 1 : 0));
  const rankings = (width === 2 ? [1] : [...Array(width).keys()]).map((index) =>
    rank(
      sharesOf(index, answers),
      Uint8Array.from(truth, (is) => (is === index ? 1 : 0)),
    ),
  );
  const confidences =
    width === 2
      ? sharesOf(1, answers)
      : Float64Array.from(labels, (label, row) => shareOf(answers, row, label));
  // Of two classes: how often what has a share of class 1 is of class 1. Of more: how often the answer is right.
  const happened = width === 2 ? Uint8Array.from(truth, (index) => (index === 1 ? 1 : 0)) : isRight;

  const measure = (weights?: Weights): Metrics => {
    if (rows === 0) return {};
    const mean = (values: Float64Array | Uint8Array) => weightedMean(values, weights);
    return finiteOnly({
      auc: overClasses(rankings, (ranking) => areaUnderCurve(ranking, weights)),
      averagePrecision: overClasses(rankings, (ranking) => averagePrecision(ranking, weights)),
      logLoss: mean(losses),
      brier: mean(distances),
      accuracy: mean(isRight),
      ...hitRates(countConfusion(truth, labels, width, weights)),
      calibrationError: calibrationError(confidences, happened, weights),
    });
  };
  return { rows, measure };
}

function shareOf({ shares, width }: ClassAnswers, row: number, index: number): number {
  return shares[row * width + index] ?? Number.NaN;
}

function sharesOf(index: number, answers: ClassAnswers): Float64Array {
  return Float64Array.from(answers.labels, (_, row) => shareOf(answers, row, index));
}

/** Of two classes: of class 1. Of more: the mean over each class against the rest. */
function overClasses(rankings: readonly (Ranking | undefined)[], of: (ranking: Ranking) => number): number {
  let sum = 0;
  for (const ranking of rankings) sum += ranking === undefined ? Number.NaN : of(ranking);
  return sum / rankings.length;
}

function logLoss(index: number, row: number, answers: ClassAnswers): number {
  const share = index < 0 ? 0 : shareOf(answers, row, index);
  return -Math.log(Math.min(Math.max(share, shareMin), 1 - shareMin));
}

/** To the truth: of the one share for two classes, of all shares for more. */
function squaredDistance(truth: number, row: number, answers: ClassAnswers): number {
  let sum = truth < 0 ? 1 : 0;
  for (let index = 0; index < answers.width; index++) {
    sum += (shareOf(answers, row, index) - (truth === index ? 1 : 0)) ** 2;
  }
  return sum / (answers.width === 2 ? 2 : 1);
}

/**
 * The expected calibration error over 10 bins of equal width (Guo et al. 2017, On Calibration of Modern Neural
 * Networks, equation 3): how far the shares are from how often it happened, weighted by rows.
 */
function calibrationError(
  confidences: Float64Array,
  happened: Uint8Array,
  weights: Weights | undefined,
): number {
  const gaps = new Float64Array(calibrationBins);
  let total = 0;
  for (let row = 0; row < confidences.length; row++) {
    const weight = weights === undefined ? 1 : (weights[row] ?? 0);
    const share = confidences[row] ?? Number.NaN;
    if (Number.isNaN(share)) return Number.NaN;
    const bin = Math.min(calibrationBins - 1, Math.max(0, Math.floor(share * calibrationBins)));
    gaps[bin] = (gaps[bin] ?? 0) + weight * (share - (happened[row] ?? 0));
    total += weight;
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / total;
}
