import { type ColumnReference, countAgainst, populationStabilityIndex } from "@cascade/tabular";
import { describe, expect, test } from "vitest";
import { seeded } from "../testing/predictions.ts";
import { chanceBound } from "./chance.ts";

/** Shares that fall like 1/n, as those of airports or products do. */
function zipf(categories: number): number[] {
  const weights = Array.from({ length: categories }, (_, index) => 1 / (index + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function draw(shares: readonly number[], random: () => number): string {
  let place = random();
  for (const [index, share] of shares.entries()) {
    place -= share;
    if (place < 0) return `c${index}`;
  }
  return `c${shares.length - 1}`;
}

/** A reference as evaluation makes it: from a sample of the true distribution. */
function sampled(truth: readonly number[], rows: number, random: () => number): ColumnReference {
  const categories = truth.map((_, index) => `c${index}`);
  const shares = new Array<number>(truth.length + 2).fill(0);
  for (let row = 0; row < rows; row++) {
    const cell = Number(draw(truth, random).slice(1));
    shares[cell] = (shares[cell] ?? 0) + 1 / rows;
  }
  return { name: "c", kind: "categorical", categories, shares };
}

function scores(
  truth: readonly number[],
  reference: ColumnReference,
  rows: number,
  windows: number,
  random: () => number,
) {
  return Array.from({ length: windows }, () => {
    const values = Array.from({ length: rows }, () => ({ c: draw(truth, random) }));
    const { columns } = countAgainst({ rowCount: rows, columns: [reference] }, values);
    return populationStabilityIndex(reference, columns.c ?? []);
  });
}

describe.each([
  { cells: 10, rows: 10, referenceRows: 300 },
  { cells: 10, rows: 100, referenceRows: 100 },
  { cells: 10, rows: 1000, referenceRows: 1500 },
  { cells: 50, rows: 200, referenceRows: 500 },
  { cells: 300, rows: 1000, referenceRows: 1500 },
])("$cells cells, windows of $rows, a reference of $referenceRows rows", ({ cells, rows, referenceRows }) => {
  const random = seeded(cells * rows);
  const truth = zipf(cells);

  test("data that have not changed stay below the bound in every window", () => {
    for (let sample = 0; sample < 5; sample++) {
      const reference = sampled(truth, referenceRows, random);
      const bound = chanceBound(reference, referenceRows, rows);
      expect(Math.max(...scores(truth, reference, rows, 100, random))).toBeLessThan(bound);
    }
  });

  test("the bound is of the size of what chance gives, so that it hides no more than it must", () => {
    const reference = sampled(truth, referenceRows, random);
    const bound = chanceBound(reference, referenceRows, rows);
    const greatest = Math.max(...scores(truth, reference, rows, 200, random));
    expect(bound).toBeLessThan(8 * greatest);
  });
});

test("a fixed threshold alone would call unchanged data drifted where there are many categories", () => {
  const random = seeded(3);
  const truth = zipf(300);
  const reference = sampled(truth, 1500, random);
  expect(Math.min(...scores(truth, reference, 1000, 20, random))).toBeGreaterThan(0.2);
});

test("in large windows the bound falls far below the usual threshold", () => {
  const reference = sampled(zipf(10), 5000, seeded(5));
  expect(chanceBound(reference, 5000, 10_000)).toBeLessThan(0.05);
});
