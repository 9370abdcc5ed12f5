/** Penalties in rows: what a weight costs beside the loss, by its size (l1) and by half its square (l2). */
export interface Penalties {
  readonly l1: number;
  readonly l2: number;
}

export interface Descent {
  readonly weights: Float64Array<ArrayBuffer>;
  readonly isConverged: boolean;
}

/** Passes over all weights; a few hundred are usual, so that reaching this says that the columns hardly differ. */
const passesMax = 20_000;
/** The conditions of an optimum may be missed by this share of the steepest slope that there is without weights. */
const missMax = 1e-9;

/**
 * Minimises w'Aw / 2 - b'w + l1 |w| + l2 w² / 2 by coordinate descent (Friedman, Hastie and Tibshirani 2010), from
 * `start`. Only the lower triangle of the square matrix A is read. The last weight is the intercept: it has no
 * penalty and is eliminated first, which makes the others converge much faster.
 *
 * It has converged when every weight meets its condition of optimality: the slope of the smooth part is at most l1
 * where a weight is zero, and exactly l1 against its sign where it is not.
 */
export function descendCoordinates(
  matrix: Float64Array,
  right: Float64Array,
  { l1, l2 }: Penalties,
  start: Float64Array,
): Descent {
  const size = right.length - 1;
  const at = (row: number, column: number) => matrix[row * (size + 1) + column] ?? 0;
  const whole = at(size, size);
  const centred = new Float64Array(size * size);
  const slopes = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    const ownShare = at(size, row) / whole;
    for (let column = 0; column <= row; column++) {
      const value = at(row, column) - ownShare * at(size, column);
      centred[row * size + column] = value;
      centred[column * size + row] = value;
    }
    slopes[row] = (right[row] ?? 0) - ownShare * (right[size] ?? 0);
  }
  const steepest = slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
  const weights = start.slice(0, size);
  weights.forEach((weight, index) => {
    if (weight !== 0) takeOff(slopes, centred, index, weight);
  });

  let isConverged = false;
  for (let pass = 0; pass < passesMax && !isConverged; pass++) {
    let miss = 0;
    for (let index = 0; index < size; index++) {
      const curve = centred[index * size + index] ?? 0;
      const old = weights[index] ?? 0;
      const slope = slopes[index] ?? 0;
      // A column without spread leaves nothing but rounding noise here.
      if (curve + l2 <= 1e-12 * at(index, index) || curve + l2 <= 0) continue;
      miss = Math.max(miss, missOf(slope, old, l1, l2));
      const next = shrunk(slope + curve * old, l1) / (curve + l2);
      if (next === old) continue;
      weights[index] = next;
      takeOff(slopes, centred, index, next - old);
    }
    isConverged = miss <= missMax * steepest;
  }
  const intercept = weights.reduce(
    (rest, weight, index) => rest - at(size, index) * weight,
    right[size] ?? 0,
  );
  return { weights: Float64Array.of(...weights, intercept / whole), isConverged };
}

/** The slopes after a weight has grown by `change`. */
function takeOff(slopes: Float64Array, matrix: Float64Array, index: number, change: number): void {
  const size = slopes.length;
  const line = index * size;
  for (let other = 0; other < size; other++) {
    slopes[other] = (slopes[other] ?? 0) - change * (matrix[line + other] ?? 0);
  }
}

function shrunk(value: number, by: number): number {
  return value > by ? value - by : value < -by ? value + by : 0;
}

function missOf(slope: number, weight: number, l1: number, l2: number): number {
  if (weight === 0) return Math.max(0, Math.abs(slope) - l1);
  return Math.abs(slope - l2 * weight - Math.sign(weight) * l1);
}
