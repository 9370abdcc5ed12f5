import { expect, test } from "vitest";
import { classWeightsSchema, weightsByClass } from "./class-weights.ts";
import type { Label } from "./table.ts";

const label: Label = {
  task: "multiclass",
  classes: ["a", "b", "never in training"],
  values: Float64Array.of(0, 0, 0, 1),
};

test("balanced classes weigh as much as each other, and together as much as the rows", () => {
  expect(weightsByClass(label, "balanced")).toEqual([4 / 6, 4 / 2, 1]);
});

test("a class that is not named counts 1, whatever names objects have by nature", () => {
  expect(weightsByClass(label, { b: 3 })).toEqual([1, 3, 1]);
  expect(weightsByClass({ ...label, classes: ["a", "b", "constructor"] }, { b: 3 })).toEqual([1, 3, 1]);
  expect(weightsByClass(label, "equal")).toBeUndefined();
});

test("a name that is no class, and weights for a regression, are refused with what there is", () => {
  expect(() => weightsByClass(label, { c: 3 })).toThrow(
    "classWeights: there is no class c; the classes are a, b",
  );
  const numbers: Label = { ...label, task: "regression", classes: [] };
  expect(() => weightsByClass(numbers, "balanced")).toThrow("a regression has no classes");
});

test("a weight is above 0 and no more than a million", () => {
  for (const weight of [0, -1, Number.NaN, 1e7]) {
    expect(classWeightsSchema.safeParse({ a: weight }).success).toBe(false);
  }
  expect(classWeightsSchema.safeParse("even").error?.issues[0]?.message).toContain('must be "equal"');
});
