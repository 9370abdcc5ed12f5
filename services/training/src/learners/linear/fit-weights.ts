import { solvePositiveDefinite } from "./cholesky.ts";
import { descendCoordinates, type Penalties } from "./coordinate-descent.ts";
import { addOuterProduct, type Design, rowScore } from "./design.ts";

export interface Fit {
  readonly weights: Float64Array;
  readonly iterations: number;
  /** False where the steps that are allowed did not suffice. */
  readonly isConverged: boolean;
}

/** One yes-or-no question about each row, and how much its answer counts. */
export interface Question {
  readonly isPositive: (row: number) => boolean;
  readonly weightOf: (row: number) => number;
}

/** Penalises every weight but the intercept, which gets just enough to keep the matrix definite. */
function addPenalty(matrix: Float64Array, width: number, l2: number): void {
  for (let index = 0; index < width; index++) {
    const at = index * width + index;
    matrix[at] = (matrix[at] ?? 0) + (index === width - 1 ? 1e-9 : l2);
  }
}

function addRow(target: Float64Array, design: Design, row: number, weight: number): void {
  const { entries, positions, values } = design;
  for (let at = row * entries; at < (row + 1) * entries; at++) {
    const position = positions[at] ?? 0;
    target[position] = (target[position] ?? 0) + weight * (values[at] ?? 0);
  }
}

/**
 * Least squares with penalties: ridge regression in closed form, lasso and elastic net by coordinate descent. The
 * label is centred first, which keeps large labels exact.
 */
export function fitSquares(design: Design, labels: Float64Array, penalties: Penalties): Fit {
  const { width, rowCount } = design;
  const mean = labels.reduce((sum, label) => sum + label, 0) / rowCount;
  const matrix = new Float64Array(width * width);
  const right = new Float64Array(width);
  for (let row = 0; row < rowCount; row++) {
    addOuterProduct(design, row, 1, matrix);
    addRow(right, design, row, (labels[row] ?? 0) - mean);
  }
  const { weights, isConverged } = minimise(matrix, right, penalties, new Float64Array(width));
  weights[width - 1] = (weights[width - 1] ?? 0) + mean;
  return { weights, iterations: 1, isConverged };
}

/** The lowest point of w'Aw / 2 - b'w with penalties. */
function minimise(
  matrix: Float64Array,
  right: Float64Array,
  penalties: Penalties,
  start: Float64Array,
): { weights: Float64Array; isConverged: boolean } {
  if (penalties.l1 > 0) return descendCoordinates(matrix, right, penalties, start);
  addPenalty(matrix, right.length, penalties.l2);
  return { weights: solvePositiveDefinite(matrix, right), isConverged: true };
}

/** Smaller changes of every weight end the iteration. */
const stepMin = 1e-8;

/**
 * Logistic regression by Newton's method (iteratively reweighted least squares). A step that makes the
 * penalised loss worse is halved, so the fit cannot run away on data that a plane separates perfectly.
 */
export function fitLogistic(
  design: Design,
  question: Question,
  penalties: Penalties,
  iterationsMax: number,
): Fit {
  const { width, rowCount } = design;
  const { isPositive, weightOf } = question;
  let weights = new Float64Array(width);
  let loss = penalisedLoss(design, question, weights, penalties);
  for (let iteration = 1; iteration <= iterationsMax; iteration++) {
    const matrix = new Float64Array(width * width);
    const right = new Float64Array(width);
    for (let row = 0; row < rowCount; row++) {
      const score = rowScore(design, weights, row);
      const share = 1 / (1 + Math.exp(-score));
      const curve = weightOf(row) * Math.max(share * (1 - share), 1e-10);
      addOuterProduct(design, row, curve, matrix);
      // The parabola that touches the loss here has its lowest point where these weighted scores are.
      addRow(right, design, row, weightOf(row) * ((isPositive(row) ? 1 : 0) - share) + curve * score);
    }
    const lowest = minimise(matrix, right, penalties, weights).weights;
    let factor = 1;
    let next = between(weights, lowest, factor);
    let nextLoss = penalisedLoss(design, question, next, penalties);
    while (nextLoss > loss && factor > 1e-4) {
      factor /= 2;
      next = between(weights, lowest, factor);
      nextLoss = penalisedLoss(design, question, next, penalties);
    }
    // Nothing lower can be found: what is left is rounding.
    if (nextLoss > loss) return { weights, iterations: iteration, isConverged: true };
    const largest = next.reduce((most, value, at) => Math.max(most, Math.abs(value - (weights[at] ?? 0))), 0);
    weights = next;
    loss = nextLoss;
    if (largest < stepMin) return { weights, iterations: iteration, isConverged: true };
  }
  return { weights, iterations: iterationsMax, isConverged: false };
}

function between(from: Float64Array, to: Float64Array, factor: number): Float64Array<ArrayBuffer> {
  return new Float64Array(from.map((weight, index) => weight + factor * ((to[index] ?? 0) - weight)));
}

function penalisedLoss(
  design: Design,
  { isPositive, weightOf }: Question,
  weights: Float64Array,
  { l1, l2 }: Penalties,
): number {
  let loss = 0;
  for (let row = 0; row < design.rowCount; row++) {
    const score = rowScore(design, weights, row);
    const against = isPositive(row) ? -score : score;
    loss += weightOf(row) * (Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(against))));
  }
  return weights
    .subarray(0, -1)
    .reduce((sum, weight) => sum + l1 * Math.abs(weight) + (l2 / 2) * weight * weight, loss);
}
