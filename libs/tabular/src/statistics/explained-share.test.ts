import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explainedShare } from "./explained-share.ts";

const size = 2000;
const numbers = (of: (index: number) => number) => Float64Array.from({ length: size }, (_, i) => of(i));
/** Numbers from 0 to 1 that follow no order. */
const noise = (seed: number) => numbers((i) => (((i + seed) * 7919) % 10007) / 10007);
const x = noise(1);
const other = Float64Array.from(noise(4001)).sort((a, b) => Math.sin(a * 1e6) - Math.sin(b * 1e6));

describe("of a label that is a number", () => {
  test("a column that it follows from explains it, in whatever way it follows", () => {
    for (const label of [x.map((value) => 3 * value - 7), x.map((value) => (value - 0.5) ** 2)]) {
      expect(explainedShare(x, label, "value")).toBeGreaterThan(0.99);
    }
  });

  test("half of the variance is about half explained, and an unrelated column explains nothing", () => {
    expect(
      explainedShare(
        x,
        x.map((value, i) => value + (other[i] ?? 0)),
        "value",
      ),
    ).toBeCloseTo(0.5, 1);
    expect(explainedShare(other, x, "value")).toBeLessThan(0.05);
  });

  test("is the same as guessing each row from the others, written out", () => {
    const values = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: -50, max: 50 })), {
      minLength: 3,
      maxLength: 30,
    });
    fc.assert(
      fc.property(values, (pairs) => {
        const column = pairs.map(([group]) => `g${group}`);
        const label = Float64Array.from(pairs, ([, value]) => value);
        const error = (groups: readonly string[]) =>
          label.reduce((sum, value, row) => {
            const others = [...label].filter((_, at) => at !== row && groups[at] === groups[row]);
            const all = label.reduce((total, one) => total + one, 0) / label.length;
            const guess = others.length === 0 ? all : others.reduce((a, b) => a + b, 0) / others.length;
            return sum + (value - guess) ** 2;
          }, 0);
        const alone = error(column.map(() => "all"));
        const wanted = alone === 0 ? 0 : Math.max(0, 1 - error(column) / alone);
        expect(explainedShare(column, label, "value")).toBeCloseTo(wanted, 9);
      }),
    );
  });
});

describe("of classes", () => {
  const late = Array.from(x, (value) => (value > 0.7 ? "late" : "on time"));

  test("a number from which they follow explains them, as does a category", () => {
    expect(explainedShare(x, late, "class")).toBeGreaterThan(0.95);
    expect(
      explainedShare(
        late.map((one) => one.toUpperCase()),
        late,
        "class",
      ),
    ).toBeCloseTo(1, 9);
    expect(
      explainedShare(
        x,
        Float64Array.from(late, (one) => Number(one === "late")),
        "class",
      ),
    ).toBeGreaterThan(0.95);
  });

  test("identifiers explain nothing, be they texts or numbers in any order", () => {
    expect(
      explainedShare(
        late.map((_, i) => `id-${i}`),
        late,
        "class",
      ),
    ).toBeLessThan(0.01);
    expect(explainedShare(other, late, "class")).toBeLessThan(0.05);
  });

  test("that a value is missing may be what gives them away", () => {
    const arrival = late.map((one) => (one === "late" ? null : "12:00"));
    expect(explainedShare(arrival, late, "class")).toBeCloseTo(1, 9);
    expect(
      explainedShare(
        x.map((value) => (value > 0.7 ? Number.NaN : 1)),
        late,
        "class",
      ),
    ).toBeCloseTo(1, 9);
  });
});

test("a label without values, with one value or with one row is explained by nothing", () => {
  const constant = numbers(() => 1);
  expect(explainedShare(x, constant, "value")).toBe(0);
  expect(explainedShare(x, constant, "class")).toBe(0);
  expect(
    explainedShare(
      x,
      numbers(() => Number.NaN),
      "value",
    ),
  ).toBe(0);
  expect(explainedShare(["a"], ["b"], "class")).toBe(0);
  expect(explainedShare([], [], "class")).toBe(0);
});
