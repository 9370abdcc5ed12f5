import { solvePositiveDefinite } from "./cholesky.ts";
import { addOuterProduct, type Design, rowScore } from "./design.ts";

export interface Fit {
  readonly weights: Float64Array;
  readonly iterations: number;
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

/** Ridge regression in closed form. The label is centred first, which keeps large labels exact. */
export function fitRidge(design: Design, labels: Float64Array, l2: number): Fit {
  const { width, rowCount } = design;
  const mean = labels.reduce((sum, label) => sum + label, 0) / rowCount;
  const matrix = new Float64Array(width * width);
  const right = new Float64Array(width);
  for (let row = 0; row < rowCount; row++) {
    addOuterProduct(design, row, 1, matrix);
    addRow(right, design, row, (labels[row] ?? 0) - mean);
  }
  addPenalty(matrix, width, l2);
  const weights = solvePositiveDefinite(matrix, right);
  weights[width - 1] = (weights[width - 1] ?? 0) + mean;
  return { weights, iterations: 1 };
}

/** Smaller changes of every weight end the iteration. */
const stepMin = 1e-8;

/**
 * Logistic regression by Newton's method (iteratively reweighted least squares). A step that makes the
 * penalised loss worse is halved, so the fit cannot run away on data that a plane separates perfectly.
 */
export function fitLogistic(
  design: Design,
  isPositive: (row: number) => boolean,
  l2: number,
  iterationsMax: number,
): Fit {
  const { width, rowCount } = design;
  let weights = new Float64Array(width);
  let loss = penalisedLoss(design, isPositive, weights, l2);
  for (let iteration = 1; iteration <= iterationsMax; iteration++) {
    const matrix = new Float64Array(width * width);
    const right = new Float64Array(width);
    for (let row = 0; row < rowCount; row++) {
      const share = 1 / (1 + Math.exp(-rowScore(design, weights, row)));
      addOuterProduct(design, row, Math.max(share * (1 - share), 1e-10), matrix);
      addRow(right, design, row, (isPositive(row) ? 1 : 0) - share);
    }
    addPenalty(matrix, width, l2);
    for (let index = 0; index < width - 1; index++)
      right[index] = (right[index] ?? 0) - l2 * (weights[index] ?? 0);
    const step = solvePositiveDefinite(matrix, right);
    let factor = 1;
    let next = moved(weights, step, factor);
    let nextLoss = penalisedLoss(design, isPositive, next, l2);
    while (nextLoss > loss && factor > 1e-4) {
      factor /= 2;
      next = moved(weights, step, factor);
      nextLoss = penalisedLoss(design, isPositive, next, l2);
    }
    if (nextLoss > loss) return { weights, iterations: iteration };
    weights = next;
    loss = nextLoss;
    const largest = step.reduce((most, value) => Math.max(most, Math.abs(value) * factor), 0);
    if (largest < stepMin) return { weights, iterations: iteration };
  }
  return { weights, iterations: iterationsMax };
}

function moved(weights: Float64Array, step: Float64Array, factor: number): Float64Array<ArrayBuffer> {
  return new Float64Array(Array.from(weights, (weight, index) => weight + factor * (step[index] ?? 0)));
}

function penalisedLoss(
  design: Design,
  isPositive: (row: number) => boolean,
  weights: Float64Array,
  l2: number,
): number {
  let loss = 0;
  for (let row = 0; row < design.rowCount; row++) {
    const score = rowScore(design, weights, row);
    const against = isPositive(row) ? -score : score;
    loss += Math.max(against, 0) + Math.log1p(Math.exp(-Math.abs(against)));
  }
  const penalty = weights.reduce(
    (sum, weight, index) => sum + (index < weights.length - 1 ? weight * weight : 0),
    0,
  );
  return loss + (l2 / 2) * penalty;
}
