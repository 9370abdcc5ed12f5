import { type LeafSums, missingSide, type SplitCandidate, type SplitLimits } from "./best-split.ts";
import { missingBin } from "./memory-layout.ts";

/** Between which values all leaves below a node must stay, before the learning rate. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

export const unbound: Bounds = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };

/** The best value of a leaf within its bounds. */
export function leafValue(gradient: number, hessian: number, l2: number, { lower, upper }: Bounds): number {
  const weight = hessian + l2;
  const best = weight > 0 ? -gradient / weight : 0;
  return Math.min(upper, Math.max(lower, best));
}

/** By how much a leaf of this value lowers the loss, twice. */
function scoreOf(gradient: number, hessian: number, l2: number, value: number): number {
  return -(2 * gradient + (hessian + l2) * value) * value;
}

/**
 * improveSplit for a tree of which some columns are bound: leaves keep to their bounds, and a column with a sign
 * is divided only where the side of the larger values gets the larger (1) or the smaller (-1) value. What is
 * missing has no place among the values: present against missing is free of the sign. The loop stands here once more
 * because a shared one, which calls for each bin what differs, was slower by a tenth to a half.
 */
export function improveConstrainedSplit(
  best: SplitCandidate,
  feature: number,
  sign: number,
  histogram: Float64Array,
  offset: number,
  thresholdCount: number,
  hasMissing: boolean,
  leaf: LeafSums & Bounds,
  limits: SplitLimits,
): void {
  const { gradient, hessian, rowCount } = leaf;
  const { l2, leafRowsMin } = limits;
  if (rowCount < 2 * leafRowsMin) return;
  const hessianMin = Math.max(limits.childWeightMin, (leafRowsMin * hessian) / rowCount - 1e-9);
  const parentScore = scoreOf(gradient, hessian, l2, leafValue(gradient, hessian, l2, leaf));
  const missingGradient = histogram[offset + 2 * missingBin] ?? 0;
  const missingHessian = histogram[offset + 2 * missingBin + 1] ?? 0;
  const someMissing = hasMissing && missingHessian > 1e-9;

  const consider = (
    leftGradient: number,
    leftHessian: number,
    bin: number,
    missing: number,
    order: number,
  ) => {
    const rightHessian = hessian - leftHessian;
    if (leftHessian < hessianMin || rightHessian < hessianMin) return;
    const rightGradient = gradient - leftGradient;
    const left = leafValue(leftGradient, leftHessian, l2, leaf);
    const right = leafValue(rightGradient, rightHessian, l2, leaf);
    if (order * (right - left) < 0) return;
    const gain =
      scoreOf(leftGradient, leftHessian, l2, left) +
      scoreOf(rightGradient, rightHessian, l2, right) -
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
    consider(leftGradient, leftHessian, bin, someMissing ? missingSide.right : missingSide.unknown, sign);
    if (someMissing) {
      consider(leftGradient + missingGradient, leftHessian + missingHessian, bin, missingSide.left, sign);
    }
  }
  if (someMissing) {
    consider(gradient - missingGradient, hessian - missingHessian, thresholdCount, missingSide.right, 0);
  }
}

/** The bounds of both children: a column with a sign parts them in the middle of their values. */
export function childBounds(
  leaf: Bounds,
  order: number,
  leftValue: number,
  rightValue: number,
): [left: Bounds, right: Bounds] {
  if (order === 0) return [leaf, leaf];
  const middle = (leftValue + rightValue) / 2;
  const [below, above] = [
    { lower: leaf.lower, upper: middle },
    { lower: middle, upper: leaf.upper },
  ];
  return order > 0 ? [below, above] : [above, below];
}
