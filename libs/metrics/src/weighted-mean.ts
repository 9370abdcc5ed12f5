import type { Weights } from "./meter.ts";

export function weightedMean(values: Float64Array | Uint8Array, weights: Weights | undefined): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < values.length; row++) {
    const weight = weights === undefined ? 1 : (weights[row] ?? 0);
    sum += weight * (values[row] ?? Number.NaN);
    total += weight;
  }
  return sum / total;
}
