const log2E = Math.LOG2E;
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const rounder = 6755399441055744;

/** Powers of two by doubling, which is exact: the kernel builds the same numbers from exponent bits. */
const powersOfTwo = new Float64Array(2046);
powersOfTwo[1022] = 1;
for (let index = 1023; index < powersOfTwo.length; index++)
  powersOfTwo[index] = 2 * (powersOfTwo[index - 1] ?? 0);
for (let index = 1021; index >= 0; index--) powersOfTwo[index] = 0.5 * (powersOfTwo[index + 1] ?? 0);

/**
 * e^x as the kernel computes it. Engines may differ in the last bit of Math.exp; this one is the same
 * everywhere, so a training run repeated on another machine gives the same model.
 */
export function exponential(x: number): number {
  const bounded = Math.max(Math.min(x, 700), -700);
  const k = bounded * log2E + rounder - rounder;
  const r = bounded - k * ln2High - k * ln2Low;
  let p = 1 / 362880;
  p = p * r + 1 / 40320;
  p = p * r + 1 / 5040;
  p = p * r + 1 / 720;
  p = p * r + 1 / 120;
  p = p * r + 1 / 24;
  p = p * r + 1 / 6;
  p = p * r + 0.5;
  p = p * r + 1;
  p = p * r + 1;
  return p * (powersOfTwo[k + 1022] ?? 0);
}
