import type { TensorDescription } from "@cascade/onnx";
import { describe, expect, test } from "vitest";
import { trainingSet } from "../testing/fixtures.ts";
import { checkModelContract } from "./model-contract.ts";

const { features } = trainingSet;
const tensor = (name: string, type: TensorDescription["type"], ...shape: (number | null)[]) => ({
  name,
  type,
  shape,
});
const inputs = [
  tensor("hour", "float", null, 1),
  tensor("origin", "string", null, 1),
  tensor("distance", "float", null, 1),
];
const outputs = [tensor("label", "int64", null, 1), tensor("probabilities", "float", null, 2)];
const model = { inputs, outputs, metadata: {} };
const prediction = (...output: TensorDescription[]) =>
  checkModelContract({ ...model, outputs: output }, features, "regression").mismatches;

describe("a model that fits", () => {
  test("has the classes of its metadata", () => {
    const metadata = { "cascade.classes": '["no", "yes"]' };
    expect(checkModelContract({ ...model, metadata }, features, "binary")).toEqual({
      mismatches: [],
      classes: ["no", "yes"],
    });
  });

  test("has numbered classes where it says nothing, as many as its probabilities", () => {
    expect(checkModelContract(model, features, "binary").classes).toEqual(["0", "1"]);
    const three = [tensor("label", "int64", null), tensor("probabilities", "float", null, 3)];
    expect(checkModelContract({ ...model, outputs: three }, features, "multiclass").classes).toEqual([
      "0",
      "1",
      "2",
    ]);
    const open = [tensor("label", "int64", null), tensor("probabilities", "float", null, null)];
    expect(checkModelContract({ ...model, outputs: open }, features, "binary").classes).toEqual(["0", "1"]);
  });

  test("may be as precise as double, and flat where there is one value a row", () => {
    expect(prediction(tensor("prediction", "double", null))).toEqual([]);
  });

  test("of a regression has no classes", () => {
    const outputs = [tensor("prediction", "float", null, 1)];
    expect(checkModelContract({ ...model, outputs }, features, "regression")).toEqual({ mismatches: [] });
  });
});

describe("a model that does not fit", () => {
  test("because a converter gave it one input for all columns is told so once, instead of each column", () => {
    const wide = [tensor("float_input", "float", null, 3)];
    expect(checkModelContract({ ...model, inputs: wide }, features, "binary").mismatches).toEqual([
      expect.stringContaining(
        'its one input "float_input" [N,3] takes all columns at once: give it 3 inputs of [N,1] instead (hour, origin, distance)',
      ),
    ]);
  });

  test("is told every input that is missing, foreign, of another type or shape", () => {
    const wrong = [
      tensor("hour", "int64", null, 1),
      tensor("origin", "string", null, 3),
      tensor("carrier", "string", null, 1),
    ];
    expect(checkModelContract({ ...model, inputs: wrong }, features, "binary").mismatches).toEqual([
      'input "hour" is int64, but the column is a number: make it float',
      'input "origin" has the shape [N,3], not [N,1]',
      'input "distance" (float) is missing',
      'input "carrier" is no column of request.json',
    ]);
  });

  test("that takes only a fixed number of rows is refused", () => {
    const fixed = [tensor("hour", "float", 1, 1), ...inputs.slice(1)];
    expect(checkModelContract({ ...model, inputs: fixed }, features, "binary").mismatches).toEqual([
      'input "hour" has the shape [1,1], not [N,1]',
    ]);
  });

  test("is told which outputs it has instead", () => {
    const sklearn = [tensor("output_label", "int64", null), tensor("output_probability", "float", null, 2)];
    expect(checkModelContract({ ...model, outputs: sklearn }, features, "binary").mismatches).toEqual([
      'output "label" is missing (it has "output_label", "output_probability")',
      'output "probabilities" is missing (it has "output_label", "output_probability")',
    ]);
    expect(prediction(tensor("variable", "float", null, 1))).toEqual([
      'output "prediction" is missing (it has "variable")',
    ]);
    expect(prediction(tensor("prediction", "int64", null, 2))).toHaveLength(2);
  });

  test("names its labels instead of giving their index", () => {
    const named = [tensor("label", "string", null), tensor("probabilities", "float", null, 2)];
    expect(checkModelContract({ ...model, outputs: named }, features, "binary").mismatches).toEqual([
      'output "label" is string, not int64 (the class index)',
    ]);
  });

  test.each([
    ["three classes for a binary task", '["a", "b", "c"]', /binary task has 2 classes/],
    ["other classes than probabilities", '["a", "b", "c"]', /2 columns for 3 classes/],
    ["classes that are no list", '"yes"', /no JSON list/],
    ["classes that are no texts", "[0, 1]", /no JSON list/],
    ["the same class twice", '["a", "a"]', /different class names/],
    ["classes that are no JSON", "no,yes", /no JSON list/],
  ])("has %s", (_, classes, message) => {
    const metadata = { "cascade.classes": classes };
    expect(checkModelContract({ ...model, metadata }, features, "binary").mismatches.join()).toMatch(message);
  });

  test("must name its classes where their number is open", () => {
    const open = [tensor("label", "int64", null), tensor("probabilities", "float", null, null)];
    expect(checkModelContract({ ...model, outputs: open }, features, "multiclass").mismatches).toEqual([
      'the number of classes is unknown: name them in the metadata "cascade.classes"',
    ]);
  });
});
