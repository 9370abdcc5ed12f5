import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { nextBelow } from "../../next-below.ts";
import { openCellGrid } from "./cell-grid.ts";
import { compileKernel } from "./compile-kernel.ts";
import { Kernel, VECTOR_ROWS } from "./kernel.ts";
import { patternOf } from "./text-patterns.ts";

test("the committed kernel is what its source compiles to", async () => {
  const committed = readFileSync(new URL("./kernel.wasm", import.meta.url));
  const compiled = await compileKernel();
  expect(Buffer.compare(committed, compiled), "run build-kernel.ts after a change of kernel.as").toBe(0);
});

test.each([
  ["even edges", Array.from({ length: 500 }, (_, n) => n / 500)],
  ["edges over many orders of magnitude", Array.from({ length: 600 }, (_, n) => 10 ** (n - 300))],
  ["edges at single numbers", [nextBelow(0), 0, nextBelow(1), 1, 1e300]],
  ["edges as far apart as there are", [-Number.MAX_VALUE, 0, Number.MAX_VALUE]],
  ["one edge", [0.5]],
  ["no edge", []],
])("the cell of a value is that of the first edge that is not below it: %s", (_, edges) => {
  const kernel = new Kernel();
  const cells = openCellGrid(kernel, edges);
  const values = Array.from({ length: VECTOR_ROWS - 1 }, (_, n) => {
    const near = edges[n % Math.max(1, edges.length)] ?? 0;
    return [near, nextBelow(near), near + n, near * 1.0001, n / VECTOR_ROWS][n % 5] ?? 0;
  }).filter(Number.isFinite);
  kernel.doublesAt(kernel.values, values.length).set(values);
  cells.add(kernel.values, values.length);
  const expected = new Array<number>(edges.length + 1).fill(0);
  for (const value of values) {
    const cell = edges.findIndex((edge) => value <= edge);
    const place = cell < 0 ? edges.length : cell;
    expected[place] = (expected[place] ?? 0) + 1;
  }
  expect(cells.counts()).toEqual(expected);
});

test("NaN and infinities are counted and left out, and the rest keeps its order", () => {
  const kernel = new Kernel();
  const odd = kernel.take(24);
  kernel.doublesAt(kernel.values, 7).set([1, Number.NaN, 2, Number.POSITIVE_INFINITY, -0, -Infinity, 3]);
  expect(kernel.run.keepFinite(kernel.values, 7, odd)).toBe(4);
  expect([...kernel.doublesAt(kernel.values, 4)]).toEqual([1, 2, 0, 3]);
  expect([...kernel.doublesAt(odd, 3)]).toEqual([1, 1, 1]);
});

test("forms of texts say which kinds of characters follow one another", () => {
  expect(patternOf("C-000123")).toBe("A-9{6}");
  expect(patternOf("Ångström 12.5 kg")).toBe("Aa{7} 9{2}.9 a{2}");
  expect(patternOf("")).toBe("");
  expect(patternOf("a1".repeat(100))).toMatch(/…$/);
});
