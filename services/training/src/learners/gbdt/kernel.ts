import { readFileSync } from "node:fs";

/**
 * The inner loops of the learner. All places are byte addresses in one shared memory, so that the compiled
 * kernel and its TypeScript twin are interchangeable, call by call. kernel.as says what each one does.
 */
export interface Kernel {
  sumAllRows(
    bins: number,
    stride: number,
    width: number,
    count: number,
    gradients: number,
    histogram: number,
  ): void;
  sumRows(
    bins: number,
    stride: number,
    width: number,
    rows: number,
    count: number,
    gradients: number,
    histogram: number,
  ): void;
  clear(target: number, byteLength: number): void;
  subtract(target: number, other: number, count: number): void;
  partition(
    column: number,
    rows: number,
    count: number,
    spare: number,
    bin: number,
    missingLeft: number,
  ): number;
  addToScores(scores: number, rows: number, count: number, value: number): void;
  squaredGradients(scores: number, labels: number, gradients: number, count: number): void;
  logisticGradients(scores: number, labels: number, gradients: number, count: number): void;
  softmaxTotals(
    scores: number,
    classStride: number,
    classes: number,
    peaks: number,
    totals: number,
    count: number,
  ): void;
  softmaxGradients(
    scores: number,
    labels: number,
    classIndex: number,
    peaks: number,
    totals: number,
    gradients: number,
    count: number,
  ): void;
  weighGradients(gradients: number, weights: number, count: number): void;
  logisticLoss(scores: number, labels: number, count: number, results: number): number;
  walkTree(nodes: number, scores: number, from: number, to: number): void;
  binValues(
    values: number,
    count: number,
    thresholds: number,
    thresholdCount: number,
    column: number,
  ): number;
  interleave(columns: number, columnStride: number, width: number, count: number, bins: number): void;
}

/** Reads and compiles the committed binary; a compiled module can be handed to other threads. */
export function loadKernelModule(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL("./kernel.wasm", import.meta.url)));
}

export function openWasmKernel(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernel {
  // The exports are exactly the functions of kernel.as; the twin's test compares them one by one.
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernel;
}
