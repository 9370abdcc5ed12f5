// The inner loops of the gradient-boosting learner, in AssemblyScript. kernel-twin.ts has the same
// functions in TypeScript; both give the same bits, and a test holds them to it. Every argument that names
// a place is a byte address in the shared memory. Compile with build-kernel.ts.

const LOG2_E: f64 = 1.4426950408889634;
const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;
// Adding and subtracting 1.5 * 2^52 rounds to the nearest integer, ties to even, and leaves that integer in
// the low bits of the mantissa.
const ROUNDER: f64 = 6755399441055744.0;

// Adds each row's gradient and hessian (one pair of f32) to its bin (one pair of f64) of `width` features.
// Feature f's histogram is 256 pairs long and starts 4096 * f bytes after the first one.
// @ts-ignore: decorator
@inline
function addRow(bins: usize, width: u32, pair: v128, histogram: usize): void {
  let place = histogram;
  let feature: u32 = 0;
  for (; feature + 4 <= width; feature += 4) {
    const four = load<u32>(bins + feature);
    const a = place + (<usize>(four & 255) << 4);
    const b = place + 4096 + (<usize>((four >>> 8) & 255) << 4);
    const c = place + 8192 + (<usize>((four >>> 16) & 255) << 4);
    const d = place + 12288 + (<usize>(four >>> 24) << 4);
    v128.store(a, f64x2.add(v128.load(a), pair));
    v128.store(b, f64x2.add(v128.load(b), pair));
    v128.store(c, f64x2.add(v128.load(c), pair));
    v128.store(d, f64x2.add(v128.load(d), pair));
    place += 16384;
  }
  for (; feature < width; feature++) {
    const a = place + (<usize>load<u8>(bins + feature) << 4);
    v128.store(a, f64x2.add(v128.load(a), pair));
    place += 4096;
  }
}

// @ts-ignore: decorator
@inline
function pairAt(gradients: usize, row: u32): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(gradients + (<usize>row << 3)));
}

// A row's bins are `stride` bytes from the next one's.
export function sumAllRows(bins: usize, stride: u32, width: u32, count: u32, gradients: usize, histogram: usize): void {
  for (let row: u32 = 0; row < count; row++) {
    addRow(bins + row * stride, width, pairAt(gradients, row), histogram);
  }
}

// Rows of a small leaf lie far apart, so that each would wait for memory: a row is looked at sixteen rows before its
// turn. What the looks add up to is returned for no other reason than that the compiler keeps them.
const ROWS_AHEAD: u32 = 16;

export function sumRows(bins: usize, stride: u32, width: u32, rows: usize, count: u32, gradients: usize, histogram: usize): u32 {
  let seen: u32 = 0;
  let index: u32 = 0;
  for (; index + ROWS_AHEAD < count; index++) {
    const next = load<u32>(rows + (<usize>(index + ROWS_AHEAD) << 2));
    seen |= <u32>load<u8>(bins + next * stride) | load<u32>(gradients + (<usize>next << 3));
    const row = load<u32>(rows + (<usize>index << 2));
    addRow(bins + row * stride, width, pairAt(gradients, row), histogram);
  }
  for (; index < count; index++) {
    const row = load<u32>(rows + (<usize>index << 2));
    addRow(bins + row * stride, width, pairAt(gradients, row), histogram);
  }
  return seen;
}

export function clear(target: usize, byteLength: u32): void {
  memory.fill(target, 0, byteLength);
}

// target -= other, over `count` f64; count is even.
export function subtract(target: usize, other: usize, count: u32): void {
  const end = target + (<usize>count << 3);
  while (target < end) {
    v128.store(target, f64x2.sub(v128.load(target), v128.load(other)));
    target += 16;
    other += 16;
  }
}

// Moves the rows that go left to the front of `rows` and the others to `spare`, both in their old order.
// Writing to both places and advancing one of them spares a branch that no processor can predict.
export function partition(column: usize, rows: usize, count: u32, spare: usize, bin: u32, missingLeft: u32): u32 {
  let left: u32 = 0;
  let right: u32 = 0;
  for (let index: u32 = 0; index < count; index++) {
    const row = load<u32>(rows + (<usize>index << 2));
    const value = <u32>load<u8>(column + row);
    const goesLeft: u32 = value == 255 ? missingLeft : u32(value <= bin);
    store<u32>(rows + (<usize>left << 2), row);
    store<u32>(spare + (<usize>right << 2), row);
    left += goesLeft;
    right += 1 - goesLeft;
  }
  return left;
}

export function addToScores(scores: usize, rows: usize, count: u32, value: f64): void {
  for (let index: u32 = 0; index < count; index++) {
    const place = scores + (<usize>load<u32>(rows + (<usize>index << 2)) << 3);
    store<f64>(place, load<f64>(place) + value);
  }
}

// e^x of two numbers: x = k ln 2 + r, a polynomial for e^r, and k added to the exponent.
// @ts-ignore: decorator
@inline
function exponential(x: v128): v128 {
  const bounded = f64x2.pmax(f64x2.pmin(x, f64x2.splat(700)), f64x2.splat(-700));
  const shifted = f64x2.add(f64x2.mul(bounded, f64x2.splat(LOG2_E)), f64x2.splat(ROUNDER));
  const k = f64x2.sub(shifted, f64x2.splat(ROUNDER));
  const r = f64x2.sub(f64x2.sub(bounded, f64x2.mul(k, f64x2.splat(LN2_HIGH))), f64x2.mul(k, f64x2.splat(LN2_LOW)));
  let p = f64x2.splat(1.0 / 362880.0);
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 40320.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 5040.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 720.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 120.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 24.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 6.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(0.5));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0));
  const power = i64x2.add(i64x2.shl(shifted, 52), i64x2.splat(1023 << 52));
  return f64x2.mul(p, power);
}

// @ts-ignore: decorator
@inline
function storePairs(target: usize, gradient: v128, hessian: v128): void {
  const g = f32x4.demote_f64x2_zero(gradient);
  const h = f32x4.demote_f64x2_zero(hessian);
  v128.store(target, v128.shuffle<f32>(g, h, 0, 4, 1, 5));
}

// The three losses work on two rows at a time; arrays have room for one row more than they hold.

export function squaredGradients(scores: usize, labels: usize, gradients: usize, count: u32): void {
  const one = f64x2.splat(1);
  for (let row: u32 = 0; row < count; row += 2) {
    const at = <usize>row << 3;
    storePairs(gradients + at, f64x2.sub(v128.load(scores + at), v128.load(labels + at)), one);
  }
}

export function logisticGradients(scores: usize, labels: usize, gradients: usize, count: u32): void {
  const one = f64x2.splat(1);
  for (let row: u32 = 0; row < count; row += 2) {
    const at = <usize>row << 3;
    const p = f64x2.div(one, f64x2.add(one, exponential(f64x2.neg(v128.load(scores + at)))));
    storePairs(gradients + at, f64x2.sub(p, v128.load(labels + at)), f64x2.mul(p, f64x2.sub(one, p)));
  }
}

// For every row the highest score of its classes and the sum of e^(score - highest).
export function softmaxTotals(scores: usize, classStride: u32, classes: u32, peaks: usize, totals: usize, count: u32): void {
  for (let row: u32 = 0; row < count; row += 2) {
    const at = <usize>row << 3;
    let peak = v128.load(scores + at);
    for (let index: u32 = 1; index < classes; index++) {
      peak = f64x2.max(peak, v128.load(scores + at + index * classStride));
    }
    let total = f64x2.splat(0);
    for (let index: u32 = 0; index < classes; index++) {
      total = f64x2.add(total, exponential(f64x2.sub(v128.load(scores + at + index * classStride), peak)));
    }
    v128.store(peaks + at, peak);
    v128.store(totals + at, total);
  }
}

// `labels` holds the class index of each row as f64.
export function softmaxGradients(scores: usize, labels: usize, classIndex: f64, peaks: usize, totals: usize, gradients: usize, count: u32): void {
  const one = f64x2.splat(1);
  const wanted = f64x2.splat(classIndex);
  for (let row: u32 = 0; row < count; row += 2) {
    const at = <usize>row << 3;
    const p = f64x2.div(exponential(f64x2.sub(v128.load(scores + at), v128.load(peaks + at))), v128.load(totals + at));
    const truth = v128.and(f64x2.eq(v128.load(labels + at), wanted), one);
    storePairs(gradients + at, f64x2.sub(p, truth), f64x2.mul(p, f64x2.sub(one, p)));
  }
}

// Multiplies each row's gradient and hessian by the row's weight (f32).
export function weighGradients(gradients: usize, weights: usize, count: u32): void {
  for (let row: u32 = 0; row < count; row += 2) {
    const place = gradients + (<usize>row << 3);
    const two = v128.load64_zero(weights + (<usize>row << 2));
    v128.store(place, f32x4.mul(v128.load(place), v128.shuffle<f32>(two, two, 0, 0, 1, 1)));
  }
}

// Negative log-likelihood of binary rows in two parts, because a product needs one logarithm where a sum
// needs many: for each batch of up to 256 pairs of rows the sum of max(x, 0) and the product of
// 1 + e^-|x|, with x the score against the truth. Writes four f64 a batch; returns the number of batches.
export function logisticLoss(scores: usize, labels: usize, count: u32, results: usize): u32 {
  const one = f64x2.splat(1);
  const zero = f64x2.splat(0);
  const even = count & ~1;
  let batches: u32 = 0;
  let row: u32 = 0;
  while (row < even) {
    const end = even - row > 512 ? row + 512 : even;
    let sum = zero;
    let product = one;
    for (; row < end; row += 2) {
      const at = <usize>row << 3;
      // A label of 1 turns the score's sign: 1 - 2 * label is exact.
      const sign = f64x2.sub(one, f64x2.add(v128.load(labels + at), v128.load(labels + at)));
      const x = f64x2.mul(v128.load(scores + at), sign);
      sum = f64x2.add(sum, f64x2.pmax(x, zero));
      product = f64x2.mul(product, f64x2.add(one, exponential(f64x2.neg(f64x2.abs(x)))));
    }
    v128.store(results + (<usize>batches << 5), sum);
    v128.store(results + (<usize>batches << 5) + 16, product);
    batches++;
  }
  return batches;
}

// Walks one tree for rows from..to and adds the leaf's value to the row's score. A node is 32 bytes:
// address of its feature's column of bins (0: a leaf), bin, missing goes left, left node, right node, -, value.
export function walkTree(nodes: usize, scores: usize, from: u32, to: u32): void {
  for (let row = from; row < to; row++) {
    let node = nodes;
    for (;;) {
      const column = load<u32>(node);
      if (column == 0) break;
      const value = <u32>load<u8>(<usize>column + row);
      const goesLeft = value == 255 ? load<u32>(node, 8) != 0 : value <= load<u32>(node, 4);
      node = nodes + (<usize>(goesLeft ? load<u32>(node, 12) : load<u32>(node, 16)) << 5);
    }
    const place = scores + (<usize>row << 3);
    store<f64>(place, load<f64>(place) + load<f64>(node, 24));
  }
}

// The bin of each value is the number of thresholds below it; thresholds are padded to 256 with infinity.
// A missing value (NaN) has bin 255. Returns 1 when there was one.
export function binValues(values: usize, count: u32, thresholds: usize, thresholdCount: u32, column: usize): u32 {
  let missing: u32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    const value = load<f32>(values + (<usize>row << 2));
    let bin: u32 = 255;
    if (value != value) {
      missing = 1;
    } else {
      let low: u32 = 0;
      for (let step: u32 = 128; step > 0; step >>= 1) {
        low += load<f32>(thresholds + (<usize>(low + step - 1) << 2)) < value ? step : 0;
      }
      bin = low < thresholdCount ? low : thresholdCount;
    }
    store<u8>(column + row, <u8>bin);
  }
  return missing;
}

// Copies `width` columns of `count` bins, which begin `columnStride` bytes after one another, row by row.
export function interleave(columns: usize, columnStride: u32, width: u32, count: u32, bins: usize): void {
  let place = bins;
  for (let row: u32 = 0; row < count; row++) {
    let from = columns + row;
    for (let index: u32 = 0; index < width; index++) {
      store<u8>(place, load<u8>(from));
      from += columnStride;
      place++;
    }
  }
}
