import { expect, test } from "vitest";
import { seededRandom } from "../random.ts";
import { chooseThresholds } from "./thresholds.ts";

const choose = (...values: number[]) => [...chooseThresholds(Float32Array.from(values), () => 0)];

test("few distinct values are all told apart, by their midpoints", () => {
  expect(choose(1, 2, Number.NaN, 2, 4)).toEqual([1.5, 3]);
});

test("an empty or constant column has no threshold", () => {
  expect(choose()).toEqual([]);
  expect(choose(Number.NaN, Number.NaN)).toEqual([]);
  expect(choose(5, 5, 5)).toEqual([]);
  expect(choose(0, -0)).toEqual([]);
});

test("neighbouring floats and infinities are told apart by the lower one", () => {
  const next = Math.fround(1 + 2 ** -23);
  expect(choose(1, next)).toEqual([1]);
  expect(choose(1, Number.POSITIVE_INFINITY)).toEqual([1]);
  expect(choose(Number.NEGATIVE_INFINITY, 1)).toEqual([Number.NEGATIVE_INFINITY]);
  expect(choose(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toEqual([Number.NEGATIVE_INFINITY]);
});

test("many distinct values get at most 254 thresholds that split them evenly", () => {
  const random = seededRandom(1);
  const values = Float32Array.from({ length: 300_000 }, () => random() ** 4);
  const thresholds = chooseThresholds(values, random);
  expect(thresholds.length).toBeGreaterThan(240);
  expect(thresholds.length).toBeLessThanOrEqual(254);
  const share = (low: number, high: number) =>
    values.filter((value) => value > low && value <= high).length / values.length;
  for (let index = 10; index < thresholds.length; index += 40) {
    expect(share(thresholds[index - 10] ?? 0, thresholds[index] ?? 0)).toBeCloseTo(10 / 255, 2);
  }
});
