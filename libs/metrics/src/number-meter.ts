import type { Metrics } from "@cascade/contracts";
import { finiteOnly } from "./finite-only.ts";
import type { Meter, Weights } from "./meter.ts";
import { weightedMean } from "./weighted-mean.ts";

/** Metrics of a regression, in the unit of the label, but for r2 and mape. */
export function numberMeter(truth: Float64Array, predicted: Float64Array): Meter {
  const rows = truth.length;
  const errors = Float64Array.from(truth, (value, row) => Math.abs((predicted[row] ?? Number.NaN) - value));
  const squares = errors.map((error) => error * error);
  // scikit-learn's limit where the truth is zero.
  const shares = errors.map((error, row) => error / Math.max(Math.abs(truth[row] ?? 0), Number.EPSILON));
  const ascending = errors.some(Number.isNaN)
    ? undefined
    : Uint32Array.from(errors.keys()).sort((a, b) => (errors[a] ?? 0) - (errors[b] ?? 0));

  const measure = (weights?: Weights): Metrics => {
    if (rows === 0) return {};
    const squared = weightedMean(squares, weights);
    const mean = weightedMean(truth, weights);
    const spread = weightedMean(
      truth.map((value) => (value - mean) ** 2),
      weights,
    );
    const quantile = (share: number) =>
      ascending === undefined ? Number.NaN : quantileOf(errors, ascending, weights, share);
    return finiteOnly({
      rmse: Math.sqrt(squared),
      mae: weightedMean(errors, weights),
      mape: weightedMean(shares, weights),
      r2: spread > 0 ? 1 - squared / spread : Number.NaN,
      medianError: quantile(0.5),
      p90Error: quantile(0.9),
    });
  };
  return { rows, measure };
}

/** Between the two nearest rows in a straight line, as numpy does by default; a row counts as often as it weighs. */
function quantileOf(
  values: Float64Array,
  ascending: Uint32Array,
  weights: Weights | undefined,
  share: number,
): number {
  let total = ascending.length;
  if (weights !== undefined) {
    total = 0;
    for (const weight of weights) total += weight;
  }
  const position = share * (total - 1);
  const [low, high] = [Math.floor(position), Math.ceil(position)];
  let [seen, below] = [0, Number.NaN];
  for (const row of ascending) {
    seen += weights === undefined ? 1 : (weights[row] ?? 0);
    const value = values[row] ?? Number.NaN;
    if (Number.isNaN(below) && seen > low) below = value;
    if (seen > high) return below + (value - below) * (position - low);
  }
  return Number.NaN;
}
