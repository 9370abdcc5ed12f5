import type { ServableModel } from "@cascade/contracts";
import { GraphBuilder } from "@cascade/onnx";

/** prediction = x * factor, plus 100 where the origin is "SFO". */
export function scalingModel(factor: number): Uint8Array {
  return new GraphBuilder("scaling")
    .input("x", "float", [null, 1])
    .input("origin", "string", [null, 1])
    .floatConstant("factor", [1], [factor])
    .node({ operator: "Mul", inputs: ["x", "factor"], outputs: ["scaled"] })
    .node({
      operator: "LabelEncoder",
      domain: "ai.onnx.ml",
      inputs: ["origin"],
      outputs: ["bonus"],
      attributes: {
        keys_strings: { texts: ["SFO"] },
        values_floats: { floats: [100] },
        default_float: { float: 0 },
      },
    })
    .node({ operator: "Add", inputs: ["scaled", "bonus"], outputs: ["prediction"] })
    .output("prediction", "float", [null, 1])
    .encode();
}

/** The share of class 1 is sigmoid(x). */
export function sigmoidModel(): Uint8Array {
  return new GraphBuilder("sigmoid")
    .input("x", "float", [null, 1])
    .floatConstant("one", [1], [1])
    .node({ operator: "Sigmoid", inputs: ["x"], outputs: ["yes"] })
    .node({ operator: "Sub", inputs: ["one", "yes"], outputs: ["no"] })
    .node({
      operator: "Concat",
      inputs: ["no", "yes"],
      outputs: ["probabilities"],
      attributes: { axis: { int: 1 } },
    })
    .node({
      operator: "ArgMax",
      inputs: ["probabilities"],
      outputs: ["label"],
      attributes: { axis: { int: 1 }, keepdims: { int: 1 } },
    })
    .output("label", "int64", [null, 1])
    .output("probabilities", "float", [null, 2])
    .encode();
}

type Shape = Omit<ServableModel, "model">;

/** What goes with `scalingModel`: a feature that has to be computed, and one that only names its column. */
export const scalingShape: Shape = {
  task: "regression",
  label: "delay",
  features: [
    { name: "x", sql: "distance / 10", kind: "number" },
    { name: "origin", sql: "origin", kind: "category" },
  ],
  inputColumns: [
    { name: "distance", type: "number" },
    { name: "origin", type: "string" },
  ],
};

export const sigmoidShape: Shape = {
  task: "binary",
  label: "delayed",
  classes: ["on time", "late"],
  features: [{ name: "x", sql: "x", kind: "number" }],
  inputColumns: [{ name: "x", type: "number" }],
};
