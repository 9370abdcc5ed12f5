import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type ClassAnswers, classMeter } from "./class-meter.ts";
import { numberMeter } from "./number-meter.ts";

const Classes = z.object({
  truth: z.array(z.number()),
  shares: z.array(z.number()),
  labels: z.array(z.number()),
  width: z.number(),
  metrics: z.record(z.string(), z.number()),
});
const Recorded = z.object({
  scikitLearn: z.string(),
  binary: Classes,
  binaryWithTies: Classes,
  multiclass: Classes,
  regression: z.object({
    truth: z.array(z.number()),
    predicted: z.array(z.number()),
    metrics: z.record(z.string(), z.number()),
  }),
});

const recorded = Recorded.parse(
  JSON.parse(readFileSync(new URL("./testing/scikit-learn.json", import.meta.url), "utf8")),
);

const measureClasses = (truth: Int32Array, given: ClassAnswers) => classMeter(truth, given).measure();
const measureNumbers = (truth: Float64Array, predicted: Float64Array) =>
  numberMeter(truth, predicted).measure();

const answers = (width: number, shares: number[], labels: number[]) => ({
  width,
  shares: Float64Array.from(shares),
  labels: Int32Array.from(labels),
});

describe(`scikit-learn ${recorded.scikitLearn} measures the same`, () => {
  test.each(["binary", "binaryWithTies", "multiclass"] as const)("%s", (name) => {
    const { truth, shares, labels, width, metrics } = recorded[name];
    const measured = measureClasses(Int32Array.from(truth), answers(width, shares, labels));
    expect(Object.keys(measured).sort()).toEqual(Object.keys(metrics).sort());
    for (const [metric, value] of Object.entries(metrics)) {
      expect(measured[metric as keyof typeof measured], metric).toBeCloseTo(value, 12);
    }
  });

  test("regression", () => {
    const { truth, predicted, metrics } = recorded.regression;
    const measured = measureNumbers(Float64Array.from(truth), Float64Array.from(predicted));
    for (const [metric, value] of Object.entries(metrics)) {
      expect(measured[metric as keyof typeof measured], metric).toBeCloseTo(value, 11);
    }
  });
});

describe("what cannot be measured is left out", () => {
  test("the area under the curve, where all rows are of one class", () => {
    const measured = measureClasses(Int32Array.of(1, 1), answers(2, [0.2, 0.8, 0.4, 0.6], [1, 1]));
    expect(measured).not.toHaveProperty("auc");
    expect(measured).toMatchObject({ accuracy: 1, averagePrecision: 1, recall: 1 });
  });

  test("everything, where there are no rows", () => {
    expect(measureClasses(new Int32Array(), answers(2, [], []))).toEqual({});
    expect(measureNumbers(new Float64Array(), new Float64Array())).toEqual({});
  });

  test("r2, where the truth is constant", () => {
    expect(measureNumbers(Float64Array.of(3, 3), Float64Array.of(2, 4))).not.toHaveProperty("r2");
  });

  test("everything that a NaN would reach", () => {
    expect(measureNumbers(Float64Array.of(1, 2), Float64Array.of(1, Number.NaN))).toEqual({});
    const broken = measureClasses(
      Int32Array.of(0, 1),
      answers(2, [0.5, 0.5, Number.NaN, Number.NaN], [0, 1]),
    );
    expect(broken).toEqual({ accuracy: 1, precision: 1, recall: 1, f1: 1 });
  });
});

test("a row of a class that the model does not know is wrong in every metric", () => {
  const known = measureClasses(Int32Array.of(0, 1, 2), answers(3, [1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 1, 2]));
  const unknown = measureClasses(Int32Array.of(0, 1, -1), answers(3, [1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 1, 2]));
  expect(known).toMatchObject({ accuracy: 1, brier: 0 });
  expect(unknown.accuracy).toBeCloseTo(2 / 3);
  expect(unknown.brier).toBeCloseTo(2 / 3);
  expect(unknown.logLoss).toBeGreaterThan(10);
});
