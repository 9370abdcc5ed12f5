import { LearnerError } from "../errors.ts";
import type { Task } from "../table.ts";

/** Value bins are 0..254, so at most 254 thresholds; 255 is the bin of missing values. */
export const thresholdsMax = 254;
export const missingBin = 255;
/** One feature's histogram: 256 pairs of f64. */
export const histogramBytes = 256 * 16;
/** Rows whose raw values are copied into the shared memory at a time while they are binned. */
export const stagingRows = 65_536;
/** f64 per split found: gain, feature, bin, missing side, left gradient, left hessian; padded. */
export const splitLength = 8;
/** f64 per leaf of which a split is sought: gradient, hessian, rows, lower and upper bound of its values. */
export const sumsLength = 5;
/** A node of the tree that validation rows walk. */
export const nodeBytes = 32;

const memoryMaxBytes = 2 ** 32 - 65_536;

export interface LayoutInput {
  readonly task: Task;
  readonly classCount: number;
  readonly trainRows: number;
  readonly validationRows: number;
  readonly featureCount: number;
  readonly memberCount: number;
  readonly leavesMax: number;
  /** Rows count differently: each has a weight. */
  readonly isWeighted: boolean;
  /** Some columns have a sign; leaves then have bounds. */
  readonly isConstrained: boolean;
}

/** Where everything lies in the shared memory: byte addresses and sizes, the same for every member. */
export interface MemoryLayout extends LayoutInput {
  readonly rows: number;
  /**
   * Features are stored in blocks, row by row inside a block, so that sums read whole rows; and once more column by
   * column, so that dividing a leaf reads nothing but its feature.
   */
  readonly blockCount: number;
  readonly stride: number;
  readonly scoreStride: number;
  readonly control: number;
  readonly sums: number;
  readonly splits: number;
  readonly thresholds: number;
  readonly thresholdCounts: number;
  readonly hasMissing: number;
  readonly columnMask: number;
  readonly signs: number;
  readonly leaves: number;
  readonly nodes: number;
  readonly staging: number;
  readonly bins: number;
  readonly columns: number;
  readonly rowIndex: number;
  readonly spareIndex: number;
  readonly gradients: number;
  readonly scores: number;
  readonly labels: number;
  readonly weights: number;
  readonly peaks: number;
  readonly totals: number;
  readonly losses: number;
  readonly histograms: number;
  readonly byteLength: number;
}

/** Features of a block: about as many as a row of a small leaf, which waits for memory, brings along at once. */
const blockWidthMax = 24;
/** Features summed at a time in a large leaf: more histograms than this do not stay in the first-level cache. */
export const denseWidthMax = 12;

export function planMemory(input: LayoutInput): MemoryLayout {
  const { featureCount, memberCount, classCount } = input;
  const rows = input.trainRows + input.validationRows;
  const wantedBlocks = Math.max(Math.min(memberCount, featureCount), Math.ceil(featureCount / blockWidthMax));
  const stride = Math.ceil(featureCount / wantedBlocks);
  const blockCount = Math.ceil(featureCount / stride);
  const softmaxRows = input.task === "multiclass" ? rows + 2 : 0;
  // The first page stays free: address 0 means "leaf" in a node.
  let top = 65_536;
  const reserve = (byteLength: number): number => {
    const address = top;
    top = Math.ceil((top + byteLength) / 64) * 64;
    return address;
  };
  // Rows are handled in pairs, hence two more than there are.
  const scoreStride = Math.ceil(((rows + 2) * 8) / 64) * 64;
  const layout = {
    ...input,
    rows,
    blockCount,
    stride,
    scoreStride,
    control: reserve(256),
    sums: reserve(2 * sumsLength * 8),
    splits: reserve(memberCount * 2 * splitLength * 8),
    thresholds: reserve(featureCount * 1024),
    thresholdCounts: reserve(featureCount * 4),
    hasMissing: reserve(featureCount * 4),
    columnMask: reserve(featureCount),
    signs: reserve(featureCount),
    leaves: reserve(input.leavesMax * 24),
    nodes: reserve(2 * input.leavesMax * nodeBytes),
    staging: reserve(stagingRows * 4),
    bins: reserve(input.trainRows * featureCount),
    columns: reserve(rows * featureCount),
    rowIndex: reserve(input.trainRows * 4),
    spareIndex: reserve(input.trainRows * 4),
    gradients: reserve((input.trainRows + 2) * 8),
    scores: reserve(scoreStride * classCount),
    labels: reserve((rows + 2) * 8),
    weights: reserve(input.isWeighted ? (rows + 2) * 4 : 0),
    peaks: reserve(softmaxRows * 8),
    totals: reserve(softmaxRows * 8),
    losses: reserve(Math.ceil(input.validationRows / 512 + 1) * 32),
    histograms: reserve((input.leavesMax + 1) * blockCount * stride * histogramBytes),
  };
  if (top > memoryMaxBytes) throw new LearnerError("TOO_LARGE", `${Math.ceil(top / 2 ** 20)} MiB needed`);
  return { ...layout, byteLength: top };
}

/** Address of a feature's bin of row 0; the next row's is the next byte. Validation rows follow those of training. */
export function featureColumn(layout: MemoryLayout, feature: number): number {
  return layout.columns + feature * layout.rows;
}

/** Address of the first row of a block; a row is as long as the block is wide, and the last may be narrower. */
export function blockBins(layout: MemoryLayout, block: number): number {
  return layout.bins + block * layout.stride * layout.trainRows;
}

/** Address of a feature's histogram in a leaf's slot. */
export function featureHistogram(layout: MemoryLayout, slot: number, feature: number): number {
  return layout.histograms + (slot * layout.blockCount * layout.stride + feature) * histogramBytes;
}
