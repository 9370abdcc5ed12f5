import { missingSide, type SplitCandidate } from "./best-split.ts";
import { type Bounds, childBounds, leafValue, unbound } from "./constrained-split.ts";
import type { Crew } from "./crew.ts";
import { step } from "./crew-member.ts";
import { splitLength, sumsLength } from "./memory-layout.ts";
import { splitRows } from "./row-ranges.ts";
import { TreeDraft } from "./tree-draft.ts";

export interface GrowthLimits {
  readonly leavesMax: number;
  readonly depthMax: number;
  readonly learningRate: number;
  readonly l2: number;
}

/** A leaf while the tree grows: its rows, its sums, where its histogram lies and its best split. */
interface OpenLeaf {
  readonly start: number;
  readonly end: number;
  readonly node: number;
  readonly depth: number;
  readonly gradient: number;
  readonly hessian: number;
  readonly bounds: Bounds;
  slot: number;
  split: SplitCandidate | undefined;
}

const gainMin = 1e-12;

/**
 * Grows one tree for the current gradients, always where the gain is highest, and adds its leaves to the
 * scores of the training rows of `classIndex`. Returns undefined when not even the root can be divided.
 */
export function growTree(crew: Crew, classIndex: number, limits: GrowthLimits): TreeDraft | undefined {
  const { layout } = crew;
  const draft = new TreeDraft(limits.leavesMax);
  const root = {
    start: 0,
    end: layout.trainRows,
    node: 0,
    depth: 0,
    slot: 0,
    split: undefined,
    bounds: unbound,
  };
  const leaves: OpenLeaf[] = [{ ...root, ...sumGradients(crew) }];
  findSplits(crew, leaves[0], undefined);
  while (leaves.length < limits.leavesMax) {
    const leaf = leaves.reduce((best, one) => (gainOf(one, limits) > gainOf(best, limits) ? one : best));
    if (!leaf.split || gainOf(leaf, limits) <= gainMin) break;
    const [left, right] = divide(crew, draft, leaf, leaf.split, limits.l2);
    const leftIsSmall = left.end - left.start <= right.end - right.start;
    const [small, large] = leftIsSmall ? [left, right] : [right, left];
    // The larger child takes over the parent's histogram; only the smaller one is summed up.
    large.slot = leaf.slot;
    small.slot = leaves.length;
    leaves[leaves.indexOf(leaf)] = left;
    leaves.push(right);
    if (leaves.length < limits.leavesMax) findSplits(crew, small, large);
  }
  if (leaves.length === 1) return undefined;
  const table = new Float64Array(crew.memory.buffer, layout.leaves, leaves.length * 3);
  leaves.forEach((leaf, index) => {
    const value = leafValue(leaf.gradient, leaf.hessian, limits.l2, leaf.bounds) * limits.learningRate;
    draft.setValue(leaf.node, value);
    table.set([leaf.start, leaf.end, value], index * 3);
  });
  crew.perform(step.addLeaves, layout.trainRows / 2, leaves.length, classIndex);
  return draft;
}

function gainOf(leaf: OpenLeaf, { depthMax }: GrowthLimits): number {
  return depthMax > 0 && leaf.depth >= depthMax ? 0 : (leaf.split?.gain ?? 0);
}

/** Added up by one thread, in row order: a shared sum would depend on the number of threads. */
function sumGradients(crew: Crew): { gradient: number; hessian: number } {
  const pairs = new Float32Array(crew.memory.buffer, crew.layout.gradients, 2 * crew.layout.trainRows);
  let gradient = 0;
  let hessian = 0;
  for (let index = 0; index < pairs.length; index += 2) {
    gradient += pairs[index] ?? 0;
    hessian += pairs[index + 1] ?? 0;
  }
  return { gradient, hessian };
}

function divide(
  crew: Crew,
  draft: TreeDraft,
  leaf: OpenLeaf,
  split: SplitCandidate,
  l2: number,
): [OpenLeaf, OpenLeaf] {
  const heavierLeft = split.leftHessian >= leaf.hessian - split.leftHessian ? 1 : 0;
  // A column without missing values in training may have them later: they go with the majority.
  const missingLeft = split.missing === missingSide.unknown ? heavierLeft : split.missing;
  const middle = splitRows(crew, { ...split, start: leaf.start, end: leaf.end, missingLeft });
  const [leftNode, rightNode] = draft.split(leaf.node, split, missingLeft);
  const child = { depth: leaf.depth + 1, slot: -1, split: undefined };
  const left = { gradient: split.leftGradient, hessian: split.leftHessian };
  const right = { gradient: leaf.gradient - left.gradient, hessian: leaf.hessian - left.hessian };
  const [leftBounds, rightBounds] = childBounds(
    leaf.bounds,
    orderOf(crew, split),
    leafValue(left.gradient, left.hessian, l2, leaf.bounds),
    leafValue(right.gradient, right.hessian, l2, leaf.bounds),
  );
  return [
    { ...child, ...left, start: leaf.start, end: middle, node: leftNode, bounds: leftBounds },
    { ...child, ...right, start: middle, end: leaf.end, node: rightNode, bounds: rightBounds },
  ];
}

/** In which order a split's sides must stay; 0 where its column is free or it parts present from missing. */
function orderOf({ layout, memory }: Crew, { feature, bin }: SplitCandidate): number {
  if (!layout.isConstrained) return 0;
  const [thresholdCount = 0] = new Int32Array(memory.buffer, layout.thresholdCounts + feature * 4, 1);
  const [sign = 0] = new Int8Array(memory.buffer, layout.signs + feature, 1);
  return bin < thresholdCount ? sign : 0;
}

/** Sums the small leaf's histogram, derives the large one's, and notes the best split of each. */
function findSplits(crew: Crew, small: OpenLeaf | undefined, large: OpenLeaf | undefined): void {
  if (!small) return;
  const { layout, memory } = crew;
  const sums = new Float64Array(memory.buffer, layout.sums, 2 * sumsLength);
  [small, large].forEach((leaf, index) => {
    if (!leaf) return;
    const { gradient, hessian, start, end, bounds } = leaf;
    sums.set([gradient, hessian, end - start, bounds.lower, bounds.upper], index * sumsLength);
  });
  const work = ((small.end - small.start) * layout.featureCount) / 20;
  const members = crew.perform(
    step.histogram,
    work,
    small.start,
    small.end,
    small.slot,
    large ? large.slot : -1,
    large ? 0 : 1,
  );
  small.split = collectSplit(crew, members, 0);
  if (large) large.split = collectSplit(crew, members, 1);
}

/** The best of what the members found; among equals the first feature, as one thread would have chosen. */
function collectSplit(crew: Crew, members: number, which: 0 | 1): SplitCandidate | undefined {
  let best: SplitCandidate | undefined;
  for (let member = 0; member < members; member++) {
    const address = crew.layout.splits + (member * 2 + which) * splitLength * 8;
    const found = new Float64Array(crew.memory.buffer, address, 6);
    const [gain = 0, feature = -1, bin = 0, missing = 0, leftGradient = 0, leftHessian = 0] = found;
    if (feature < 0) continue;
    const better = !best || gain > best.gain || (gain === best.gain && feature < best.feature);
    if (better) best = { gain, feature, bin, missing, leftGradient, leftHessian };
  }
  return best;
}
