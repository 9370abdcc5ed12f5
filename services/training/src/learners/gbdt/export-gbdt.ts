import type { GraphBuilder } from "@cascade/onnx";
import { finishGraph, startGraph } from "../export-outputs.ts";
import { columnImportance } from "./column-importance.ts";
import type { FeatureEncoding } from "./feature-encoding.ts";
import type { GbdtModel } from "./gbdt-model.ts";
import { treeAttributes } from "./tree-attributes.ts";

/** The model as one ONNX file that takes the raw columns. */
export function exportGbdt(model: GbdtModel): Uint8Array {
  const { task, classes, encodings } = model;
  const contract = { task, classes, columns: encodings.map(({ name, type }) => ({ name, type })) };
  const graph = startGraph(contract).metadata("cascade.importance", JSON.stringify(columnImportance(model)));
  graph.node({
    operator: "Concat",
    inputs: encodings.map((encoding, index) => addEncoding(graph, encoding, index)),
    outputs: ["cascade/features"],
    attributes: { axis: { int: 1 } },
  });
  graph.node({
    operator: "TreeEnsembleRegressor",
    domain: "ai.onnx.ml",
    inputs: ["cascade/features"],
    outputs: ["cascade/tree-scores"],
    attributes: {
      ...treeAttributes(model),
      n_targets: { int: model.baseScores.length },
      aggregate_function: { text: "SUM" },
      post_transform: { text: "NONE" },
    },
  });
  // A node of its own instead of base_values: the runtime forgets those of a class that has no tree.
  graph
    .floatConstant("cascade/base", [1, model.baseScores.length], model.baseScores)
    .node({ operator: "Add", inputs: ["cascade/tree-scores", "cascade/base"], outputs: ["cascade/scores"] });
  return finishGraph(graph, contract, "cascade/scores");
}

/** Adds what a column needs before the trees; returns the name of the encoded tensor. */
function addEncoding(graph: GraphBuilder, encoding: FeatureEncoding, index: number): string {
  if (encoding.type === "number") return encoding.name;
  const output = `cascade/column-${index}`;
  // An encoder needs at least one key; a column whose categories were all too rare has none.
  const keys = encoding.categories.length > 0 ? encoding.categories : ["cascade/never"];
  const values = encoding.categories.length > 0 ? keys.map((_, position) => position) : [Number.NaN];
  graph.node({
    operator: "LabelEncoder",
    domain: "ai.onnx.ml",
    inputs: [encoding.name],
    outputs: [output],
    attributes: {
      keys_strings: { texts: keys },
      values_floats: { floats: values },
      default_float: { float: Number.NaN },
    },
  });
  return output;
}
