import type { MetricName } from "@cascade/contracts";
import { randomFrom } from "@cascade/testing/random";
import { describe, expect, test } from "vitest";
import { bootstrap } from "./bootstrap.ts";
import { classMeter } from "./class-meter.ts";
import { numberMeter } from "./number-meter.ts";

const random = randomFrom(11);

/** Two digits, so that many scores are equal. */
function classes(rows: number, width: number) {
  const truth = Int32Array.from({ length: rows }, () => random.between(width === 2 ? 0 : -1, width - 1));
  const shares = Float64Array.from({ length: rows * width });
  const labels = Int32Array.from({ length: rows });
  for (let row = 0; row < rows; row++) {
    const raw = Array.from(
      { length: width },
      (_, index) => random.between(1, 9) + (truth[row] === index ? 3 : 0),
    );
    const sum = raw.reduce((total, one) => total + one, 0);
    for (const [index, one] of raw.entries()) shares[row * width + index] = one / sum;
    labels[row] = raw.indexOf(Math.max(...raw));
  }
  return { truth, answers: { width, shares, labels } };
}

/** Each row as often as it weighs. */
function repeated(weights: Uint32Array): number[] {
  return [...weights].flatMap((weight, row) => Array<number>(weight).fill(row));
}

describe("a row that weighs three counts as three rows", () => {
  const weights = Uint32Array.from({ length: 60 }, () => random.between(0, 3));
  const rows = repeated(weights);

  test.each([2, 3])("of %i classes", (width) => {
    const { truth, answers } = classes(60, width);
    const written = classMeter(
      Int32Array.from(rows, (row) => truth[row] ?? 0),
      {
        width,
        shares: Float64Array.from(
          rows.flatMap((row) => [...answers.shares.slice(row * width, (row + 1) * width)]),
        ),
        labels: Int32Array.from(rows, (row) => answers.labels[row] ?? 0),
      },
    ).measure();
    const weighed = classMeter(truth, answers).measure(weights);
    expect(Object.keys(weighed)).toHaveLength(9);
    for (const [metric, value] of Object.entries(written)) {
      expect(weighed[metric as MetricName], metric).toBeCloseTo(value, 12);
    }
  });

  test("of numbers", () => {
    const truth = Float64Array.from(weights, () => random.between(-50, 50));
    const predicted = truth.map((value) => value + random.between(-9, 9));
    const pick = (values: Float64Array) => Float64Array.from(rows, (row) => values[row] ?? 0);
    const written = numberMeter(pick(truth), pick(predicted)).measure();
    const weighed = numberMeter(truth, predicted).measure(weights);
    for (const [metric, value] of Object.entries(written)) {
      expect(weighed[metric as MetricName], metric).toBeCloseTo(value, metric === "mape" ? 2 : 9);
    }
  });
});

describe("draws of rows", () => {
  test("spread as the share of right answers does by its own formula", async () => {
    const { truth, answers } = classes(400, 2);
    const meter = classMeter(truth, answers);
    const { accuracy = Number.NaN } = meter.measure();
    const drawn = await bootstrap([meter], { resamples: 2000, seed: 5 });
    const { low = Number.NaN, high = Number.NaN } = drawn.interval(0, "accuracy", 0.95) ?? {};
    const standardError = Math.sqrt((accuracy * (1 - accuracy)) / 400);
    expect((high - low) / (2 * 1.96 * standardError)).toBeCloseTo(1, 1);
    expect(low).toBeLessThan(accuracy);
    expect(high).toBeGreaterThan(accuracy);
  });

  test("are decided by the seed", async () => {
    const { truth, answers } = classes(50, 3);
    const intervalOf = async (seed: number) =>
      (await bootstrap([classMeter(truth, answers)], { resamples: 50, seed })).interval(0, "auc", 0.9);
    expect(await intervalOf(1)).toEqual(await intervalOf(1));
    expect(await intervalOf(1)).not.toEqual(await intervalOf(2));
  });

  test("are the same for both models: one differs from itself in none of them", async () => {
    const { truth, answers } = classes(80, 2);
    const meters = [classMeter(truth, answers), classMeter(truth, answers)];
    const drawn = await bootstrap(meters, { resamples: 60, seed: 3 });
    expect(drawn.difference("auc", 0.95)).toEqual({ low: 0, high: 0 });
    expect(drawn.interval(0, "auc", 0.95)?.low).toBeLessThan(drawn.interval(0, "auc", 0.95)?.high ?? 0);
  });

  test("show nothing where half of them cannot measure, and end when asked to", async () => {
    const truth = Int32Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0);
    const shares = Float64Array.from({ length: 18 }, () => 0.5);
    const meter = classMeter(truth, { width: 2, shares, labels: new Int32Array(9) });
    const drawn = await bootstrap([meter], { resamples: 40, seed: 1 });
    expect(drawn.interval(0, "accuracy", 0.95)).toBeDefined();
    const rare = classMeter(Int32Array.of(1, 0), {
      width: 2,
      shares: shares.slice(0, 4),
      labels: truth.slice(0, 2),
    });
    expect((await bootstrap([rare], { resamples: 40, seed: 1 })).interval(0, "brier", 0.95)).toBeDefined();
    const alone = classMeter(Int32Array.of(0), {
      width: 2,
      shares: shares.slice(0, 2),
      labels: truth.slice(0, 1),
    });
    expect((await bootstrap([alone], { resamples: 40, seed: 1 })).interval(0, "auc", 0.95)).toBeUndefined();
    const signal = AbortSignal.abort(new Error("no longer wanted"));
    await expect(bootstrap([meter], { resamples: 1_000_000, seed: 1, signal })).rejects.toThrow("no longer");
  });
});
