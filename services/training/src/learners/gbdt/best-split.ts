import { missingBin } from "./memory-layout.ts";

/** The sums over all rows of a leaf. */
export interface LeafSums {
  readonly gradient: number;
  readonly hessian: number;
  readonly rowCount: number;
}

export interface SplitLimits {
  readonly l2: number;
  readonly childWeightMin: number;
  readonly leafRowsMin: number;
}

/** Where missing values go; "unknown" when the column had none in training. */
export const missingSide = { right: 0, left: 1, unknown: 2 } as const;

/** The best split seen so far; reused and overwritten, because this runs for every feature of every leaf. */
export interface SplitCandidate {
  gain: number;
  feature: number;
  bin: number;
  missing: number;
  leftGradient: number;
  leftHessian: number;
}

/**
 * Looks for a better split in one feature's histogram (256 pairs of gradient and hessian from `offset`).
 * Missing values are tried on both sides. The histogram holds no row counts: they are taken as proportional
 * to the hessian, which is exact for squared loss and close enough for the others.
 */
export function improveSplit(
  best: SplitCandidate,
  feature: number,
  histogram: Float64Array,
  offset: number,
  thresholdCount: number,
  hasMissing: boolean,
  leaf: LeafSums,
  limits: SplitLimits,
): void {
  const { gradient, hessian, rowCount } = leaf;
  const { l2, leafRowsMin } = limits;
  if (rowCount < 2 * leafRowsMin) return;
  const hessianMin = Math.max(limits.childWeightMin, (leafRowsMin * hessian) / rowCount - 1e-9);
  const parentScore = (gradient * gradient) / (hessian + l2);
  const missingGradient = histogram[offset + 2 * missingBin] ?? 0;
  const missingHessian = histogram[offset + 2 * missingBin + 1] ?? 0;
  const someMissing = hasMissing && missingHessian > 1e-9;

  const consider = (leftGradient: number, leftHessian: number, bin: number, missing: number): void => {
    const rightHessian = hessian - leftHessian;
    if (leftHessian < hessianMin || rightHessian < hessianMin) return;
    const rightGradient = gradient - leftGradient;
    const gain =
      (leftGradient * leftGradient) / (leftHessian + l2) +
      (rightGradient * rightGradient) / (rightHessian + l2) -
      parentScore;
    if (gain <= best.gain) return;
    best.gain = gain;
    best.feature = feature;
    best.bin = bin;
    best.missing = missing;
    best.leftGradient = leftGradient;
    best.leftHessian = leftHessian;
  };

  let leftGradient = 0;
  let leftHessian = 0;
  for (let bin = 0; bin < thresholdCount; bin++) {
    leftGradient += histogram[offset + 2 * bin] ?? 0;
    leftHessian += histogram[offset + 2 * bin + 1] ?? 0;
    consider(leftGradient, leftHessian, bin, someMissing ? missingSide.right : missingSide.unknown);
    if (someMissing) {
      consider(leftGradient + missingGradient, leftHessian + missingHessian, bin, missingSide.left);
    }
  }
  // Everything that is present against everything that is missing.
  if (someMissing) {
    consider(gradient - missingGradient, hessian - missingHessian, thresholdCount, missingSide.right);
  }
}
