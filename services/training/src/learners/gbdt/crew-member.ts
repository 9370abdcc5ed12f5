import { improveSplit, type LeafSums, type SplitCandidate, type SplitLimits } from "./best-split.ts";
import { type Bounds, improveConstrainedSplit } from "./constrained-split.ts";
import type { Kernel } from "./kernel.ts";
import {
  blockBins,
  denseWidthMax,
  featureColumn,
  featureHistogram,
  histogramBytes,
  type MemoryLayout,
  splitLength,
  sumsLength,
} from "./memory-layout.ts";

/** The steps that the members of a crew do together. */
export const step = { gradients: 1, histogram: 2, partition: 3, addLeaves: 4, walk: 5, leave: 6 } as const;
export type Step = (typeof step)[keyof typeof step];

/** Positions in the control words; arguments of a step start at `argument`, left counts at `leftCount`. */
export const word = { generation: 0, pending: 1, step: 2, argument: 4, leftCount: 16 } as const;

/** The part [start, end) of a range that belongs to one member; starts are even, for the paired kernels. */
export function share(from: number, to: number, member: number, members: number): [number, number] {
  const cut = (index: number) =>
    index === members ? to : Math.min(to, from + 2 * Math.floor(((to - from) * index) / (2 * members)));
  return [cut(member), cut(member + 1)];
}

/**
 * A leaf with this share of all rows, one in so many, is summed in narrower parts. With 8, a training on a million rows
 * takes a twentieth longer: reading rows twice costs more than what stays in the first-level cache saves.
 */
const denseShare = 2;

/** One thread's view of the shared memory, and its part of every step. */
export class CrewMember {
  readonly layout: MemoryLayout;
  readonly kernel: Kernel;
  readonly control: Int32Array;
  readonly #limits: SplitLimits;
  readonly #member: number;
  readonly #f64: Float64Array;
  readonly #i32: Int32Array;
  readonly #u8: Uint8Array;

  constructor(
    memory: WebAssembly.Memory,
    layout: MemoryLayout,
    kernel: Kernel,
    limits: SplitLimits,
    member: number,
  ) {
    this.layout = layout;
    this.kernel = kernel;
    this.control = new Int32Array(memory.buffer, layout.control, 64);
    this.#limits = limits;
    this.#member = member;
    this.#f64 = new Float64Array(memory.buffer);
    this.#i32 = new Int32Array(memory.buffer);
    this.#u8 = new Uint8Array(memory.buffer);
  }

  /** Does this member's part; `members` is 1 when the step is too small to be shared. */
  perform(what: Step, members: number): void {
    const member = members === 1 ? 0 : this.#member;
    const argument = (index: number) => this.control[word.argument + index] ?? 0;
    if (what === step.histogram) {
      this.#histogram(argument(0), argument(1), argument(2), argument(3), argument(4), member, members);
    } else if (what === step.partition) {
      this.#partition(argument(0), argument(1), argument(2), argument(3), argument(4), member, members);
    } else if (what === step.gradients) this.#gradients(argument(0), argument(1), member, members);
    else if (what === step.addLeaves) this.#addLeaves(argument(0), argument(1), member, members);
    else if (what === step.walk) this.#walk(argument(0), member, members);
  }

  /**
   * Sums the rows start..end into `slot`, takes them off the parent's histogram (which thereby becomes the
   * sibling's) and looks for the best split of both. Members take whole blocks of features, never part of
   * the rows: each sum is then added up in the same order whatever the number of threads.
   */
  #histogram(
    start: number,
    end: number,
    slot: number,
    parentSlot: number,
    all: number,
    member: number,
    members: number,
  ): void {
    const { layout, kernel } = this;
    const { stride, featureCount, trainRows } = layout;
    const widthMax = (end - start) * denseShare >= trainRows ? denseWidthMax : stride;
    const found = [noSplit(), noSplit()] as const;
    const sums = [this.#leafSums(0), this.#leafSums(1)] as const;
    for (let block = member; block < layout.blockCount; block += members) {
      const blockFirst = block * stride;
      const blockWidth = Math.min(stride, featureCount - blockFirst);
      const partWidth = Math.ceil(blockWidth / Math.ceil(blockWidth / widthMax));
      for (let from = 0; from < blockWidth; from += partWidth) {
        const first = blockFirst + from;
        const width = Math.min(partWidth, blockWidth - from);
        const own = featureHistogram(layout, slot, first);
        const place = blockBins(layout, block) + from;
        kernel.clear(own, width * histogramBytes);
        if (all === 1) kernel.sumAllRows(place, blockWidth, width, end - start, layout.gradients, own);
        else {
          const rowIndex = layout.rowIndex + start * 4;
          kernel.sumRows(place, blockWidth, width, rowIndex, end - start, layout.gradients, own);
        }
        if (parentSlot >= 0) {
          const parent = featureHistogram(layout, parentSlot, first);
          kernel.subtract(parent, own, (width * histogramBytes) / 8);
        }
        for (let feature = first; feature < first + width; feature++) {
          this.#improve(found[0], feature, slot, sums[0]);
          if (parentSlot >= 0) this.#improve(found[1], feature, parentSlot, sums[1]);
        }
      }
    }
    this.#publish(found[0], member, 0);
    this.#publish(found[1], member, 1);
  }

  #improve(best: SplitCandidate, feature: number, slot: number, sums: LeafSums & Bounds): void {
    const { layout } = this;
    if (this.#u8[layout.columnMask + feature] === 0) return;
    const thresholdCount = this.#i32[layout.thresholdCounts / 4 + feature] ?? 0;
    const hasMissing = this.#i32[layout.hasMissing / 4 + feature] === 1;
    const offset = featureHistogram(layout, slot, feature) / 8;
    const [values, limits] = [this.#f64, this.#limits];
    if (!layout.isConstrained) {
      improveSplit(best, feature, values, offset, thresholdCount, hasMissing, sums, limits);
      return;
    }
    const sign = signOf(this.#u8[layout.signs + feature] ?? 0);
    improveConstrainedSplit(best, feature, sign, values, offset, thresholdCount, hasMissing, sums, limits);
  }

  #leafSums(which: 0 | 1): LeafSums & Bounds {
    const at = this.layout.sums / 8 + which * sumsLength;
    const read = (index: number) => this.#f64[at + index] ?? 0;
    return { gradient: read(0), hessian: read(1), rowCount: read(2), lower: read(3), upper: read(4) };
  }

  #publish(split: SplitCandidate, member: number, which: 0 | 1): void {
    const { gain, feature, bin, missing, leftGradient, leftHessian } = split;
    const at = this.layout.splits / 8 + (member * 2 + which) * splitLength;
    this.#f64.set([gain, feature, bin, missing, leftGradient, leftHessian], at);
  }

  #partition(
    start: number,
    end: number,
    feature: number,
    bin: number,
    missingLeft: number,
    member: number,
    members: number,
  ): void {
    const { layout } = this;
    const [from, to] = share(start, end, member, members);
    this.control[word.leftCount + member] = this.kernel.partition(
      featureColumn(layout, feature),
      layout.rowIndex + from * 4,
      to - from,
      layout.spareIndex + from * 4,
      bin,
      missingLeft,
    );
  }

  /** Gradients of one class's scores; for softmax the first class of a round also makes the totals. */
  #gradients(classIndex: number, startsRound: number, member: number, members: number): void {
    const { layout, kernel } = this;
    const [from, to] = share(0, layout.trainRows, member, members);
    const at = from * 8;
    const scores = layout.scores + classIndex * layout.scoreStride + at;
    const [labels, gradients] = [layout.labels + at, layout.gradients + at];
    if (layout.task === "regression") kernel.squaredGradients(scores, labels, gradients, to - from);
    else if (layout.task === "binary") kernel.logisticGradients(scores, labels, gradients, to - from);
    else {
      const [peaks, totals] = [layout.peaks + at, layout.totals + at];
      if (startsRound === 1) {
        const first = layout.scores + at;
        kernel.softmaxTotals(first, layout.scoreStride, layout.classCount, peaks, totals, to - from);
      }
      kernel.softmaxGradients(scores, labels, classIndex, peaks, totals, gradients, to - from);
    }
    if (layout.isWeighted) kernel.weighGradients(gradients, layout.weights + from * 4, to - from);
    for (let row = from; row < to; row++) this.#i32[layout.rowIndex / 4 + row] = row;
  }

  /** Adds each leaf's value to the scores of its rows. A leaf is three f64: first row, end, value. */
  #addLeaves(leafCount: number, classIndex: number, member: number, members: number): void {
    const { layout } = this;
    const [from, to] = share(0, layout.trainRows, member, members);
    for (let leaf = 0; leaf < leafCount; leaf++) {
      const at = layout.leaves / 8 + leaf * 3;
      const start = Math.max(from, this.#f64[at] ?? 0);
      const end = Math.min(to, this.#f64[at + 1] ?? 0);
      if (start >= end) continue;
      const scores = layout.scores + classIndex * layout.scoreStride;
      const rowIndex = layout.rowIndex + start * 4;
      this.kernel.addToScores(scores, rowIndex, end - start, this.#f64[at + 2] ?? 0);
    }
  }

  #walk(classIndex: number, member: number, members: number): void {
    const { layout } = this;
    const [from, to] = share(layout.trainRows, layout.rows, member, members);
    const scores = layout.scores + classIndex * layout.scoreStride;
    this.kernel.walkTree(layout.nodes, scores, from, to);
  }
}

/** A sign as it lies in memory, a byte. */
const signOf = (byte: number): number => (byte << 24) >> 24;

function noSplit(): SplitCandidate {
  return { gain: 0, feature: -1, bin: 0, missing: 0, leftGradient: 0, leftHessian: 0 };
}
