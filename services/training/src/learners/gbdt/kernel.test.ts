import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { seededRandom } from "../random.ts";
import { compileKernel } from "./compile-kernel.ts";
import { type Kernel, loadKernelModule, openWasmKernel } from "./kernel.ts";
import { openTwinKernel } from "./kernel-twin.ts";

test("the committed kernel is what its source compiles to", async () => {
  const committed = readFileSync(new URL("./kernel.wasm", import.meta.url));
  const compiled = await compileKernel();
  expect(Buffer.compare(committed, compiled), "run build-kernel.ts after a change of kernel.as").toBe(0);
});

const rowCount = 1001;
const stride = 7;
const place = {
  bins: 65_536,
  rows: 81_920,
  spare: 90_112,
  gradients: 98_304,
  scores: 114_688,
  labels: 147_456,
  peaks: 163_840,
  totals: 180_224,
  histogram: 196_608,
  other: 229_376,
  values: 262_144,
  thresholds: 270_336,
  nodes: 274_432,
  results: 278_528,
};

/** The same pseudo-random content for both kernels, with the special values that real data has. */
function filledMemory(seed: number): WebAssembly.Memory {
  const random = seededRandom(seed);
  const memory = new WebAssembly.Memory({ initial: 5, maximum: 65_536, shared: true });
  const { buffer } = memory;
  const bins = new Uint8Array(buffer, place.bins, rowCount * stride);
  bins.forEach((_, at) => {
    bins[at] = random() < 0.1 ? 255 : Math.floor(random() * 255);
  });
  const rows = new Uint32Array(buffer, place.rows, rowCount);
  rows.forEach((_, at) => {
    rows[at] = Math.floor(random() * rowCount);
  });
  const fill = (target: Float32Array | Float64Array, make: () => number) => {
    for (let at = 0; at < target.length; at++) target[at] = make();
  };
  fill(new Float32Array(buffer, place.gradients, rowCount * 2), () => random() * 2 - 1);
  // Three classes of scores, 8,192 bytes apart; some far outside what an exponential can hold.
  fill(
    new Float64Array(buffer, place.scores, 3 * 1024),
    () => (random() * 2 - 1) * 10 ** Math.floor(random() * 5),
  );
  fill(new Float64Array(buffer, place.labels, rowCount + 1), () => Math.floor(random() * 2));
  const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0];
  fill(new Float32Array(buffer, place.values, rowCount), () =>
    random() < 0.2 ? (special[Math.floor(random() * special.length)] ?? 0) : random() * 10,
  );
  const thresholds = new Float32Array(buffer, place.thresholds, 256).fill(Number.POSITIVE_INFINITY);
  thresholds.set(Float32Array.from({ length: 100 }, (_, at) => at / 10));
  const nodes = new DataView(buffer, place.nodes);
  // A root on feature 2 whose left child splits on feature 5.
  [
    [place.bins + 2 * rowCount, 120, 1, 1, 2],
    [place.bins + 5 * rowCount, 60, 0, 3, 4],
    [0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0],
  ].forEach((words, node) => {
    words.forEach((word, index) => {
      nodes.setUint32(node * 32 + index * 4, word, true);
    });
    nodes.setFloat64(node * 32 + 24, random(), true);
  });
  return memory;
}

const p = place;
const calls: Record<keyof Kernel, (kernel: Kernel) => unknown> = {
  sumAllRows: (kernel) => kernel.sumAllRows(p.bins, stride, 6, rowCount, p.gradients, p.histogram),
  // What the kernel returns means nothing.
  sumRows: (kernel) =>
    void kernel.sumRows(p.bins, stride, stride, p.rows, rowCount, p.gradients, p.histogram),
  clear: (kernel) => kernel.clear(p.gradients, 4000),
  subtract: (kernel) => {
    kernel.sumAllRows(p.bins, stride, stride, rowCount, p.gradients, p.histogram);
    kernel.sumRows(p.bins, stride, stride, p.rows, rowCount, p.gradients, p.other);
    kernel.subtract(p.histogram, p.other, stride * 512);
  },
  partition: (kernel) => [
    kernel.partition(p.bins + 3, p.rows, 500, p.spare, 100, 1),
    kernel.partition(p.bins + 1004, p.rows + 2000, 501, p.spare + 2000, 200, 0),
  ],
  addToScores: (kernel) => kernel.addToScores(p.scores, p.rows, rowCount, 0.1),
  squaredGradients: (kernel) => kernel.squaredGradients(p.scores, p.labels, p.gradients, rowCount - 1),
  logisticGradients: (kernel) => kernel.logisticGradients(p.scores, p.labels, p.gradients, rowCount - 1),
  softmaxTotals: (kernel) => kernel.softmaxTotals(p.scores, 8192, 3, p.peaks, p.totals, rowCount - 1),
  softmaxGradients: (kernel) => {
    kernel.softmaxTotals(p.scores, 8192, 3, p.peaks, p.totals, rowCount - 1);
    kernel.softmaxGradients(p.scores + 8192, p.labels, 1, p.peaks, p.totals, p.gradients, rowCount - 1);
  },
  weighGradients: (kernel) => kernel.weighGradients(p.gradients, p.values, rowCount - 1),
  logisticLoss: (kernel) => kernel.logisticLoss(p.scores, p.labels, rowCount, p.results),
  walkTree: (kernel) => kernel.walkTree(p.nodes, p.scores, 10, rowCount),
  binValues: (kernel) => kernel.binValues(p.values, rowCount, p.thresholds, 100, p.bins + 6),
  interleave: (kernel) => kernel.interleave(p.bins, rowCount, 5, rowCount, p.histogram),
};

test.each(Object.entries(calls))("%s gives the same bits with and without WebAssembly", (name, call) => {
  for (let seed = 1; seed <= 5; seed++) {
    const [wasmMemory, twinMemory] = [filledMemory(seed), filledMemory(seed)];
    const before = Buffer.from(new Uint8Array(wasmMemory.buffer).slice());
    const wasmResult = call(openWasmKernel(loadKernelModule(), wasmMemory));
    const twinResult = call(openTwinKernel(twinMemory));
    expect(wasmResult).toEqual(twinResult);
    const [wasm, twin] = [wasmMemory, twinMemory].map(({ buffer }) =>
      Buffer.from(new Uint8Array(buffer).slice()),
    );
    if (name === "partition") {
      // Only the first rows of each side mean anything; the kernel writes scrap behind them.
      const [left = 0, right = 0] = wasmResult as number[];
      const meaningful = (bytes: Buffer | undefined) => [
        bytes?.subarray(p.rows, p.rows + left * 4),
        bytes?.subarray(p.spare, p.spare + (500 - left) * 4),
        bytes?.subarray(p.rows + 2000, p.rows + 2000 + right * 4),
        bytes?.subarray(p.spare + 2000, p.spare + 2000 + (501 - right) * 4),
      ];
      expect(meaningful(wasm)).toEqual(meaningful(twin));
    } else expect(wasm?.equals(twin ?? Buffer.alloc(0))).toBe(true);
    expect(wasm?.equals(before)).toBe(false);
  }
});

test("the exponential is right to nearly the last digit", async () => {
  const { exponential } = await import("./exponential.ts");
  for (let x = -690; x < 690; x += 0.37) {
    expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(1e-10);
  }
});
