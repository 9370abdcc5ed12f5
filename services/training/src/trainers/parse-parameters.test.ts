import { describe, expect, test } from "vitest";
import { gbdtParametersSchema } from "../learners/gbdt/parameters.ts";
import { linearParametersSchema } from "../learners/linear/parameters.ts";
import { parseParameters } from "./parse-parameters.ts";

const schemas = { gbdt: gbdtParametersSchema, linear: linearParametersSchema };

test("every problem is told at once, with the name that was probably meant", () => {
  const parse = () =>
    parseParameters(gbdtParametersSchema, {
      leaves_max: 31,
      trees: 5,
      learningRate: 2,
      monotone: { x: "up" },
    });
  expect(parse).toThrow("learningRate: Too big: expected number to be <=1");
  expect(parse).toThrow("leaves_max is unknown; did you mean leavesMax?");
  expect(parse).toThrow("trees is unknown; there are learningRate, leavesMax, ");
  expect(parse).toThrow('monotone.x: Invalid option: expected one of "increasing"|"decreasing"');
});

describe.each(["gbdt", "linear"] as const)("%s", (name) => {
  const defaults: Record<string, unknown> = schemas[name].parse({});

  test("every parameter has a default that it takes itself", () => {
    expect(schemas[name].parse(defaults)).toEqual(defaults);
  });

  test.each(Object.keys(schemas[name].shape))("%s: nothing but its own type within its range", (key) => {
    const wrongs = [null, "many", [], true, Number.NaN, Number.POSITIVE_INFINITY, -1, 1e300];
    for (const wrong of wrongs) {
      expect(() =>
        parseParameters<typeof schemas.gbdt.shape>(schemas[name] as never, { [key]: wrong }),
      ).toThrow(key);
    }
  });
});
