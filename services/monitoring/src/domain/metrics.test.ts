import { expect, test } from "vitest";
import { measure } from "./metrics.ts";

const binary = { task: "binary" as const, classes: ["false", "true"] };
const rows = [
  { output: [0.9, 0.1], label: false },
  { output: [0.6, 0.4], label: false },
  { output: [0.65, 0.35], label: true },
  { output: [0.2, 0.8], label: true },
];

// The values are those of scikit-learn's documentation example for roc_auc_score, and by hand for the rest.
test("metrics of two classes are those of the evaluation", () => {
  const metrics = measure(rows, binary);
  expect(metrics.auc).toBe(0.75);
  expect(metrics.accuracy).toBe(0.75);
  expect(metrics.brier).toBeCloseTo((0.01 + 0.16 + 0.4225 + 0.04) / 4, 12);
  expect(metrics.logLoss).toBeCloseTo(
    -(Math.log(0.9) + Math.log(0.6) + Math.log(0.35) + Math.log(0.8)) / 4,
    12,
  );
});

test.each([
  [true, false],
  ["true", "false"],
  [1, 0],
  ["True", "False"],
])("labels written as %j and %j name the same classes", (yes, no) => {
  const written = rows.map(({ output, label }) => ({ output, label: label ? yes : no }));
  expect(measure(written, binary)).toEqual(measure(rows, binary));
});

test("a label that names neither of two classes says nothing, one that names none of many is a mistake", () => {
  expect(measure([...rows, { output: [1, 0], label: "maybe" }], binary)).toEqual(measure(rows, binary));
  const many = { task: "multiclass" as const, classes: ["a", "b", "c"] };
  const answers = [
    { output: [1, 0, 0], label: "a" },
    { output: [1, 0, 0], label: "unheard of" },
  ];
  expect(measure(answers, many).accuracy).toBe(0.5);
});

test("what is not defined on the labels is left out", () => {
  const oneClass = rows.filter(({ label }) => label);
  expect(measure(oneClass, binary)).not.toHaveProperty("auc");
  expect(measure([], binary)).toEqual({});
  expect(measure([{ output: 3, label: "no number" }], { task: "regression" })).toEqual({});
});

test("metrics of numbers are those of the evaluation", () => {
  const numbers = [
    { output: 2, label: 1 },
    { output: 2, label: 2 },
    { output: 5, label: "6" },
  ];
  const metrics = measure(numbers, { task: "regression" });
  expect(metrics.rmse).toBeCloseTo(Math.sqrt(2 / 3), 12);
  expect(metrics.mae).toBeCloseTo(2 / 3, 12);
  expect(metrics.r2).toBeCloseTo(1 - 2 / 14, 12);
});
