import { describe, expect, test } from "vitest";
import { meterOf } from "./meter-of.ts";
import { trueClasses } from "./truth.ts";

describe("the class of a label is found", () => {
  test.each([
    ["booleans", Float64Array.of(0, 1), ["false", "true"]],
    ["booleans as Python writes them", Float64Array.of(0, 1), ["False", "True"]],
    ["booleans where the model has indexes", Float64Array.of(0, 1), ["0", "1"]],
    ["integers", Float64Array.of(3, 7), ["3", "7"]],
    ["integers of a model that knows them as numbers", Float64Array.of(3, 7), ["3.0", "7.0"]],
    ["texts", ["no", "yes"], ["no", "yes"]],
  ])("for %s", (_, labels, classes) => {
    expect([...trueClasses(labels, classes).indexes]).toEqual([0, 1]);
  });
});

test("labels that are no class are counted and named", () => {
  expect(trueClasses(["no", "maybe", null, "maybe"], ["no", "yes"])).toEqual({
    indexes: Int32Array.of(0, -1, -1, -1),
    unknownRows: 3,
    unknownLabels: ["maybe", "null"],
  });
});

describe("labels that the model does not know", () => {
  const classes = (width: number, rows: number) =>
    ({
      kind: "classes",
      width,
      shares: new Float64Array(rows * width).fill(1 / width),
      labels: new Int32Array(rows),
    }) as const;

  test("fail a binary model", () => {
    const { labelGate, meter } = meterOf({ classes: ["0", "1"] }, classes(2, 2), ["no", "yes"]);
    expect(labelGate).toMatchObject({ passed: false, detail: expect.stringContaining('"no", "yes"') });
    expect(meter).toBeUndefined();
  });

  test("are tolerated in one of many rows of many classes", () => {
    const labels = ["a", "b", "c", "rare"];
    const { labelGate, meter } = meterOf({ classes: ["a", "b", "c"] }, classes(3, 4), labels);
    expect(labelGate).toMatchObject({ passed: true, detail: expect.stringContaining("1 of 4") });
    expect(meter?.measure().accuracy).toBe(0.25);
  });
});
