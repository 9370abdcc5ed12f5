import { describe, expect, test } from "vitest";
import { compareValues, type DistributionTest } from "./compare-values.ts";

const numbers = (size: number, of: (index: number) => number) =>
  Float64Array.from({ length: size }, (_, i) => of(i));
const texts = (size: number, of: (index: number) => string | null) =>
  Array.from({ length: size }, (_, i) => of(i));
const all: DistributionTest[] = ["psi", "jensen-shannon", "wasserstein", "kolmogorov-smirnov", "chi-square"];

describe.each(all)("%s", (name) => {
  const evenly = numbers(1000, (i) => i);

  test("of the same numbers is nothing", () => {
    expect(compareValues(name, evenly, evenly).score).toBeCloseTo(0, 9);
    expect(compareValues(name, evenly, evenly).pValue ?? 1).toBeCloseTo(1, 9);
  });

  test("of other numbers is large, and grows with how different they are", () => {
    const near = compareValues(
      name,
      evenly,
      numbers(1000, (i) => i + 50),
    );
    const far = compareValues(
      name,
      evenly,
      numbers(1000, (i) => i + 400),
    );
    expect(near.score).toBeGreaterThan(0);
    expect(far.score).toBeGreaterThan(near.score * 2);
    expect(far.pValue ?? 0).toBeLessThan(1e-9);
  });

  test("stands NaN, infinities, constants and no values at all", () => {
    const odd = Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, 1);
    const none = new Float64Array();
    const huge = Float64Array.of(-1.7e308, 1.7e308, 5e-324, 0);
    for (const [a, b] of [
      [odd, odd],
      [odd, evenly],
      [evenly, odd],
      [none, odd],
      [odd, none],
      [none, none],
      [huge, odd],
      [odd, huge],
    ] as const) {
      expect(compareValues(name, a, b).score).toSatisfy(Number.isFinite);
    }
  });
});

test("categories are compared by their shares, new and missing ones among them", () => {
  const before = texts(100, (i) => (i % 2 === 0 ? "a" : "b"));
  expect(compareValues("psi", before, before).score).toBeCloseTo(0, 12);
  for (const other of ["c", null]) {
    const after = texts(100, (i) => (i % 2 === 0 ? "a" : other));
    // Half of the shares have gone elsewhere: one half of Jensen and Shannon's two halves.
    expect(compareValues("jensen-shannon", before, after).score).toBeCloseTo(Math.SQRT1_2, 12);
    expect(compareValues("chi-square", before, after).pValue).toBeLessThan(1e-9);
  }
});

test("the Wasserstein distance is in standard deviations of the reference", () => {
  const reference = numbers(2, (i) => (i === 0 ? -10 : 10));
  expect(
    compareValues(
      "wasserstein",
      reference,
      reference.map((x) => x + 5),
    ).score,
  ).toBeCloseTo(0.5, 12);
  const constant = numbers(5, () => 3);
  expect(compareValues("wasserstein", constant, constant).score).toBe(0);
  expect(compareValues("wasserstein", constant, reference).score).toBe(Number.MAX_VALUE);
});
