import type { SplitCandidate } from "./best-split.ts";
import { featureColumn, type MemoryLayout, nodeBytes } from "./memory-layout.ts";
import type { Tree } from "./tree.ts";

/** A tree in terms of bins, while it grows and while the validation rows walk it. */
export class TreeDraft {
  nodeCount = 1;
  readonly feature: Int32Array;
  readonly bin: Int32Array;
  readonly missingLeft: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly value: Float64Array;
  readonly gain: Float64Array;

  constructor(leavesMax: number) {
    const length = 2 * leavesMax - 1;
    this.feature = new Int32Array(length).fill(-1);
    this.bin = new Int32Array(length);
    this.missingLeft = new Uint8Array(length);
    this.left = new Int32Array(length);
    this.right = new Int32Array(length);
    this.value = new Float64Array(length);
    this.gain = new Float64Array(length);
  }

  /** Turns a leaf into a split; returns its two new leaves. */
  split(node: number, { feature, bin, gain }: SplitCandidate, missingLeft: number): [number, number] {
    const left = this.nodeCount;
    this.nodeCount += 2;
    this.feature[node] = feature;
    this.bin[node] = bin;
    this.missingLeft[node] = missingLeft;
    this.gain[node] = gain;
    this.left[node] = left;
    this.right[node] = left + 1;
    return [left, left + 1];
  }

  setValue(node: number, value: number): void {
    this.value[node] = value;
  }

  /** Writes the tree where the kernel's walk reads it. */
  publish(memory: WebAssembly.Memory, layout: MemoryLayout): void {
    const view = new DataView(memory.buffer, layout.nodes, this.nodeCount * nodeBytes);
    for (let node = 0; node < this.nodeCount; node++) {
      const at = node * nodeBytes;
      const feature = this.feature[node] ?? -1;
      view.setUint32(at, feature < 0 ? 0 : featureColumn(layout, feature), true);
      view.setUint32(at + 4, this.bin[node] ?? 0, true);
      view.setUint32(at + 8, this.missingLeft[node] ?? 0, true);
      view.setUint32(at + 12, this.left[node] ?? 0, true);
      view.setUint32(at + 16, this.right[node] ?? 0, true);
      view.setFloat64(at + 24, this.value[node] ?? 0, true);
    }
  }

  /** The tree in terms of raw values; a bin past the last threshold holds every present value. */
  finish(thresholds: readonly Float32Array[]): Tree {
    const { nodeCount } = this;
    const threshold = new Float32Array(nodeCount);
    for (let node = 0; node < nodeCount; node++) {
      const own = thresholds[this.feature[node] ?? -1];
      if (own) threshold[node] = own[this.bin[node] ?? 0] ?? Number.POSITIVE_INFINITY;
    }
    return {
      nodeCount,
      threshold,
      feature: this.feature.slice(0, nodeCount),
      missingLeft: this.missingLeft.slice(0, nodeCount),
      left: this.left.slice(0, nodeCount),
      right: this.right.slice(0, nodeCount),
      value: this.value.slice(0, nodeCount),
      gain: this.gain.slice(0, nodeCount),
    };
  }
}
