import type { ColumnReference } from "@cascade/tabular";

const emptyShare = 0.0001;
/** The normal quantile of one false alarm in a million columns. */
const zOfOneInAMillion = 4.753;
/** Larger windows leave so little to chance that computing it exactly is wasted. */
const rowsExact = 20_000;
const negligible = 1e-12;
/**
 * As if each cell had one row more: a category that the reference has never shown may still be there. With
 * half a row (Jeffreys' prior) windows of 300 categories passed the bound now and then.
 */
const unseenRows = 1;
/**
 * The true shares are not known, and with very many cells that error is larger than chance itself: in trials
 * of 96,000 windows of 5 to 1,000 categories, even and uneven, the bare bound was passed by 6 % at most.
 */
const margin = 1.2;

/**
 * The population stability index that chance alone passes once in a million columns, where nothing has
 * changed. A fixed threshold is right for large windows and few cells only: with 300 categories and 1,000
 * rows chance alone gives more than 0.3. Each cell's count is beta-binomial, because the reference is a sample
 * too; mean and variance of the index follow exactly, and a gamma distribution of the same two moments
 * (Wilson and Hilferty's approximation) gives the quantile.
 */
export function chanceBound(reference: ColumnReference, referenceRows: number, windowRows: number): number {
  const rows = Math.min(windowRows, rowsExact);
  let mean = 0;
  let variance = 0;
  for (const share of reference.shares) {
    const cell = cellMoments(share, referenceRows, rows);
    mean += cell.mean;
    variance += cell.variance;
  }
  return mean === 0 ? 0 : margin * gammaQuantile(mean, variance);
}

function gammaQuantile(mean: number, variance: number): number {
  const shape = (mean * mean) / variance;
  const spread = 1 / (9 * shape);
  return mean * (1 - spread + zOfOneInAMillion * Math.sqrt(spread)) ** 3;
}

/** Mean and variance of one cell's part of the index. */
function cellMoments(share: number, referenceRows: number, rows: number): { mean: number; variance: number } {
  const expected = Math.max(share, emptyShare);
  const inside = share * referenceRows + unseenRows;
  const outside = (1 - share) * referenceRows + unseenRows;
  let logChance = 0;
  for (let row = 0; row < rows; row++) {
    logChance += Math.log((outside + row) / (inside + outside + row));
  }
  let total = 0;
  let sum = 0;
  let squares = 0;
  let greatest = 0;
  for (let count = 0; count <= rows; count++) {
    const chance = Math.exp(logChance);
    greatest = Math.max(greatest, chance);
    const actual = Math.max(count / rows, emptyShare);
    const part = (actual - expected) * Math.log(actual / expected);
    total += chance;
    sum += chance * part;
    squares += chance * part * part;
    if (count / rows > share && chance < negligible * greatest) break;
    logChance += Math.log(((rows - count) * (inside + count)) / ((count + 1) * (outside + rows - count - 1)));
  }
  const mean = sum / total;
  return { mean, variance: Math.max(squares / total - mean * mean, 0) };
}
