import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { populationStabilityIndex } from "../drift.ts";
import { chiSquareTest } from "./chi-square.ts";
import { jensenShannonDistance } from "./jensen-shannon.ts";
import { kolmogorovSmirnov, kolmogorovTail } from "./kolmogorov-smirnov.ts";
import { wassersteinDistance } from "./wasserstein.ts";

type Recorded = Readonly<
  Record<
    "samples" | "series" | "counts",
    readonly { name: string; a: number[]; b: number[]; wanted: Record<string, number> }[]
  >
>;
const recorded: Recorded = JSON.parse(readFileSync(new URL("./scipy-values.json", import.meta.url), "utf8"));

const sorted = (values: readonly number[]) => Float64Array.from(values).sort();
const seriesOf = ([size = 0, start = 0, scale = 1]: readonly number[]) =>
  Array.from({ length: size }, (_, i) => ((i * 7919 + start) % 10007) / scale);

/** The tolerance that is promised: 1e-9, of values above one relative to them. */
function agrees(found: Record<string, number>, wanted: Record<string, number>): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort());
  for (const [name, value] of Object.entries(wanted)) {
    expect(Math.abs((found[name] ?? Number.NaN) - value), name).toBeLessThanOrEqual(
      1e-9 * Math.max(1, Math.abs(value)),
    );
  }
}

function ofSamples(a: readonly number[], b: readonly number[]) {
  const { statistic, pValue } = kolmogorovSmirnov(sorted(a), sorted(b));
  return {
    kolmogorovSmirnov: statistic,
    kolmogorovSmirnovP: pValue,
    wasserstein: wassersteinDistance(sorted(a), sorted(b)),
  };
}

describe("as scipy has it", () => {
  test.each(recorded.samples)("samples: $name", ({ a, b, wanted }) => agrees(ofSamples(a, b), wanted));

  test.each(recorded.series)("samples: $name", ({ a, b, wanted }) =>
    agrees(ofSamples(seriesOf(a), seriesOf(b)), wanted),
  );

  test.each(recorded.counts)("counts: $name", ({ a, b, wanted }) => {
    const chiSquare = chiSquareTest(a, b);
    const total = a.reduce((sum, count) => sum + count, 0);
    const shares = a.map((count) => count / total);
    agrees(
      {
        jensenShannon: jensenShannonDistance(a, b),
        jensenShannonBase2: jensenShannonDistance(a, b, 2),
        chiSquare: chiSquare.statistic,
        chiSquareP: chiSquare.pValue,
        degreesOfFreedom: chiSquare.degreesOfFreedom,
        populationStabilityIndex: populationStabilityIndex(
          { name: "x", kind: "categorical", categories: [], shares },
          b,
        ),
      },
      wanted,
    );
  });

  test("probabilities that are small agree in their digits, not only in being small", () => {
    for (const { a, b, wanted } of recorded.counts) {
      const { chiSquareP = 0 } = wanted;
      if (chiSquareP > 1e-300) expect(chiSquareTest(a, b).pValue / chiSquareP).toBeCloseTo(1, 9);
    }
  });
});

describe("for any data", () => {
  const counts = fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 });
  const sample = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), {
    minLength: 1,
  });

  test("distances are those of the other way round, within their bounds and zero from itself", () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const distance = jensenShannonDistance(a, b, 2);
        expect(distance).toBeCloseTo(jensenShannonDistance(b, a, 2), 12);
        expect(distance).toBeLessThanOrEqual(1 + 1e-12);
        expect(jensenShannonDistance(a, a)).toBeCloseTo(0, 7);
        expect(chiSquareTest(a, b).pValue).toBeCloseTo(chiSquareTest(b, a).pValue, 9);
      }),
    );
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const [x, y] = [sorted(a), sorted(b)];
        expect(kolmogorovSmirnov(x, y)).toEqual(kolmogorovSmirnov(y, x));
        expect(kolmogorovSmirnov(x, x)).toEqual({ statistic: 0, pValue: 1 });
        expect(wassersteinDistance(x, x)).toBe(0);
        expect(wassersteinDistance(x, y)).toBeCloseTo(wassersteinDistance(y, x), 6);
      }),
    );
  });

  test("a sample that is moved as a whole is as far away as it was moved", () => {
    fc.assert(
      fc.property(sample, fc.integer({ min: -1000, max: 1000 }), (a, by) => {
        const moved = sorted(a.map((value) => value + by));
        expect(wassersteinDistance(sorted(a), moved)).toBeCloseTo(Math.abs(by), 5);
      }),
    );
  });

  test("nothing is far from nothing", () => {
    const none = new Float64Array();
    expect(kolmogorovSmirnov(none, sorted([1]))).toEqual({ statistic: 0, pValue: 1 });
    expect(wassersteinDistance(none, sorted([1]))).toBe(0);
    expect(jensenShannonDistance([0, 0], [1, 2])).toBe(0);
    expect(chiSquareTest([0, 0], [1, 2])).toEqual({ statistic: 0, degreesOfFreedom: 0, pValue: 1 });
  });

  test("both series of Kolmogorov's distribution meet", () => {
    expect(kolmogorovTail(1 - 1e-12)).toBeCloseTo(kolmogorovTail(1), 10);
    expect(kolmogorovTail(0)).toBe(1);
    expect(kolmogorovTail(40)).toBe(0);
  });
});
