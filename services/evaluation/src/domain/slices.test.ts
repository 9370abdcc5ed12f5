import { describe, expect, test } from "vitest";
import type { ChampionComparison } from "./gates.ts";
import { judgeSliced, type MeasuredSlice } from "./judge-slices.ts";
import { sliceBy } from "./slices.ts";

describe("slices", () => {
  test("of texts are their values, the most frequent first, with those that have none", () => {
    const slices = sliceBy(["ORD", "SFO", "ORD", null]);
    expect(slices.map(({ name, rows, weights }) => [name, rows, [...weights]])).toEqual([
      ["ORD", 2, [1, 0, 1, 0]],
      ["(missing)", 1, [0, 0, 0, 1]],
      ["SFO", 1, [0, 1, 0, 0]],
    ]);
  });

  test("of few numbers are the numbers, of many the quarters", () => {
    expect(sliceBy(Float64Array.of(1, 0, 1, Number.NaN)).map(({ name }) => name)).toEqual([
      "1",
      "(missing)",
      "0",
    ]);
    const many = sliceBy(Float64Array.from({ length: 100 }, (_, row) => 99 - row));
    expect(many.map(({ name, rows }) => [name, rows]).sort()).toEqual([
      ["above 74", 25],
      ["up to 24", 25],
      ["up to 49", 25],
      ["up to 74", 25],
    ]);
  });

  test("together are all rows, each once", () => {
    const slices = sliceBy(Float64Array.from({ length: 1000 }, (_, row) => (row * 7919) % 613));
    const sums = new Uint8Array(1000);
    for (const { weights } of slices)
      for (const [row, weight] of weights.entries()) sums[row] = (sums[row] ?? 0) + weight;
    expect(new Set(sums)).toEqual(new Set([1]));
  });

  test("of very many values are the hundred most frequent", () => {
    expect(sliceBy(Array.from({ length: 500 }, (_, row) => `n${row % 200}`))).toHaveLength(100);
  });
});

describe("a gate on slices", () => {
  const none: ChampionComparison = { kind: "none" };
  const slice = (name: string, auc: number | undefined, rows = 500, champion?: number): MeasuredSlice => ({
    name,
    rows,
    metrics: auc === undefined ? {} : { auc },
    ...(champion === undefined ? {} : { champion: { auc: champion } }),
  });
  const least = { metric: "auc", min: 0.6, slice: "origin" } as const;

  test("fails where one of them fails, and names it", () => {
    expect(judgeSliced(least, [slice("ORD", 0.7), slice("SFO", 0.65)], none).passed).toBe(true);
    const failed = judgeSliced(least, [slice("ORD", 0.7), slice("SFO", 0.55)], none);
    expect(failed).toMatchObject({ gate: "auc at least 0.6, for each origin", passed: false });
    expect(failed.detail).toMatch(/^1 of 2 fail: SFO: auc is 0.55 on 500 holdout rows/);
  });

  test("leaves those alone that have few rows or no value, and fails where none is left", () => {
    const slices = [slice("ORD", 0.7), slice("SFO", 0.1, 99), slice("RNO", undefined)];
    expect(judgeSliced(least, slices, none)).toMatchObject({
      passed: true,
      detail: expect.stringContaining(
        "2 slice(s) of fewer than 100 rows, or without a value, are not judged",
      ),
    });
    expect(judgeSliced({ ...least, minRows: 50 }, slices, none).passed).toBe(false);
    expect(judgeSliced(least, [slice("SFO", 0.9, 99)], none).passed).toBe(false);
    expect(judgeSliced(least, [], none).passed).toBe(false);
  });

  test("compares with the champion on the rows of each, and fails where that could not be scored", () => {
    const gate = { metric: "auc", beatsChampionBy: -0.02, slice: "origin" } as const;
    const champion: ChampionComparison = { kind: "scored", version: 3, metrics: { auc: 0.9 } };
    expect(
      judgeSliced(gate, [slice("ORD", 0.7, 500, 0.71), slice("SFO", 0.6, 500, 0.5)], champion).passed,
    ).toBe(true);
    expect(judgeSliced(gate, [slice("ORD", 0.7, 500, 0.73)], champion).passed).toBe(false);
    const recorded: ChampionComparison = { ...champion, kind: "recorded", because: "gone" };
    expect(judgeSliced(gate, [slice("ORD", 0.7)], recorded).passed).toBe(false);
    expect(judgeSliced(gate, [slice("ORD", 0.7)], none).passed).toBe(true);
  });

  test("on their gap asks how far the best is from the worst", () => {
    const gate = { metric: "auc", maxGap: 0.1, between: "origin" } as const;
    expect(judgeSliced(gate, [slice("ORD", 0.7), slice("SFO", 0.62)], none).passed).toBe(true);
    const wide = judgeSliced(gate, [slice("ORD", 0.7), slice("SFO", 0.5), slice("RNO", 0.1, 3)], none);
    expect(wide).toMatchObject({
      passed: false,
      detail: expect.stringContaining("0.5 for SFO (500 rows), 0.2 apart"),
    });
  });
});
