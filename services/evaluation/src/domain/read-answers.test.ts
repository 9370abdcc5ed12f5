import { describe, expect, test } from "vitest";
import { joinAnswers, readAnswers } from "./read-answers.ts";

const binary = { task: "binary", classes: ["false", "true"] } as const;
const model = { ...binary, classes: [...binary.classes] };
const outputs = (shares: number[], labels: bigint[]) => ({
  probabilities: { data: Float32Array.from(shares), shape: [labels.length, 2] },
  label: { data: BigInt64Array.from(labels), shape: [labels.length, 1] },
});

describe("answers of a classifier", () => {
  test("are read as shares and class indexes", () => {
    expect(readAnswers(model, outputs([0.25, 0.75], [1n]), 1)).toEqual({
      kind: "classes",
      width: 2,
      shares: Float64Array.of(0.25, 0.75),
      labels: Int32Array.of(1),
    });
  });

  test.each([
    ["a NaN", outputs([Number.NaN, 0.5], [1n]), 1, /row 0: probability NaN/],
    ["a share above one", outputs([-0.5, 1.5], [1n]), 1, /row 0: probability -0.5/],
    ["shares that do not add up", outputs([0.2, 0.2], [1n]), 1, /add up to 0.4/],
    ["a class that does not exist", outputs([0.5, 0.5], [2n]), 1, /label 2 is no class/],
    ["fewer rows than asked", outputs([0.5, 0.5], [1n]), 2, /1 values, 2 were expected/],
    ["no probabilities", { label: outputs([], [1n]).label }, 1, /no output "probabilities"/],
    ["text", { ...outputs([0.5, 0.5], [1n]), label: { data: ["true"], shape: [1] } }, 1, /is text/],
  ])("with %s are refused, and the place is named", (_, broken, rows, message) => {
    expect(readAnswers(model, broken, rows)).toMatch(message);
  });
});

describe("answers of a regression", () => {
  const regression = { task: "regression" } as const;

  test("are numbers", () => {
    const prediction = { data: Float32Array.of(1.5, -2), shape: [2, 1] };
    expect(readAnswers(regression, { prediction }, 2)).toEqual({
      kind: "numbers",
      predictions: Float64Array.of(1.5, -2),
    });
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("with %d are refused", (value) => {
    const prediction = { data: Float32Array.of(1, value), shape: [2, 1] };
    expect(readAnswers(regression, { prediction }, 2)).toMatch(/row 1: the prediction is/);
  });
});

test("the answers of several batches are one", () => {
  const part = (value: number) => ({ kind: "numbers", predictions: Float64Array.of(value) }) as const;
  expect(joinAnswers([part(1), part(2)])).toEqual({ kind: "numbers", predictions: Float64Array.of(1, 2) });
  expect(joinAnswers([])).toBeUndefined();
});
