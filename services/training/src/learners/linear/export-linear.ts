import type { GraphBuilder } from "@cascade/onnx";
import { finishGraph, startGraph } from "../export-outputs.ts";
import { type CategoryEncoding, type NumberEncoding, standardisedMax } from "./linear-encoding.ts";
import type { LinearModel } from "./train-linear.ts";

/** The model as one ONNX file that takes the raw columns. */
export function exportLinear(model: LinearModel): Uint8Array {
  const { task, classes, encodings, weights } = model;
  const contract = { task, classes, columns: encodings.map(({ name, type }) => ({ name, type })) };
  const graph = startGraph(contract);
  const scoreCount = weights.length;
  const terms: string[] = [];
  const numbers: { encoding: NumberEncoding; position: number }[] = [];
  let position = 0;
  encodings.forEach((encoding, index) => {
    if (encoding.type === "number") {
      // A column without spread has no influence; in the graph infinity times its zero would be NaN.
      if (encoding.scale !== 0) numbers.push({ encoding, position });
      position += 1;
    } else {
      const length = encoding.categories.length + 1;
      const table = weightRows(weights, position, length);
      terms.push(addCategory(graph, encoding, index, table, scoreCount));
      position += length;
    }
  });
  if (numbers.length > 0) terms.push(addNumbers(graph, numbers, weights));
  graph.floatConstant("cascade/intercept", [1, scoreCount], weightRows(weights, position, 1));
  graph.node({ operator: "Sum", inputs: [...terms, "cascade/intercept"], outputs: ["cascade/scores"] });
  if (task !== "multiclass") return finishGraph(graph, contract, "cascade/scores");
  // log(sigmoid(x)) = -softplus(-x): the softmax of these divides each share by their sum.
  graph
    .node({ operator: "Neg", inputs: ["cascade/scores"], outputs: ["cascade/against"] })
    .node({ operator: "Softplus", inputs: ["cascade/against"], outputs: ["cascade/losses"] })
    .node({ operator: "Neg", inputs: ["cascade/losses"], outputs: ["cascade/log-shares"] });
  return finishGraph(graph, contract, "cascade/log-shares");
}

/** The weights from `position` on, weight after weight, all scores of one weight together. */
function weightRows(weights: readonly Float64Array[], position: number, length: number): number[] {
  return Array.from({ length }, (_, index) => weights.map((own) => own[position + index] ?? 0)).flat();
}

/** Text to position to weights; whatever is not listed has the last position. */
function addCategory(
  graph: GraphBuilder,
  { name, categories }: CategoryEncoding,
  index: number,
  table: readonly number[],
  scoreCount: number,
): string {
  const tensor = (part: string) => `cascade/${part}-${index}`;
  const rest = categories.length;
  // An encoder needs at least one key, and a missing value is the empty text.
  const keys = [...categories, ""];
  graph
    .node({
      operator: "LabelEncoder",
      domain: "ai.onnx.ml",
      inputs: [name],
      outputs: [tensor("code")],
      attributes: {
        keys_strings: { texts: keys },
        values_int64s: { ints: keys.map((_, position) => position) },
        default_int64: { int: rest },
      },
    })
    .floatConstant(tensor("weights"), [rest + 1, scoreCount], table)
    .int64Constant(tensor("axes"), [1], [1])
    .node({
      operator: "Squeeze",
      inputs: [tensor("code"), tensor("axes")],
      outputs: [tensor("position")],
    })
    .node({
      operator: "Gather",
      inputs: [tensor("weights"), tensor("position")],
      outputs: [tensor("term")],
      attributes: { axis: { int: 0 } },
    });
  return tensor("term");
}

/** Missing values to the mean, standardised, cut off, times the weights. */
function addNumbers(
  graph: GraphBuilder,
  numbers: readonly { encoding: NumberEncoding; position: number }[],
  weights: readonly Float64Array[],
): string {
  const offsets = numbers.map(({ encoding }) => encoding.offset);
  const scales = numbers.map(({ encoding }) => encoding.scale);
  const table = numbers.flatMap(({ position }) => weightRows(weights, position, 1));
  graph
    .node({
      operator: "Concat",
      inputs: numbers.map(({ encoding }) => encoding.name),
      outputs: ["cascade/numbers"],
      attributes: { axis: { int: 1 } },
    })
    .node({
      operator: "Imputer",
      domain: "ai.onnx.ml",
      inputs: ["cascade/numbers"],
      outputs: ["cascade/filled"],
      attributes: {
        imputed_value_floats: { floats: offsets },
        replaced_value_float: { float: Number.NaN },
      },
    })
    .node({
      operator: "Scaler",
      domain: "ai.onnx.ml",
      inputs: ["cascade/filled"],
      outputs: ["cascade/scaled"],
      attributes: { offset: { floats: offsets }, scale: { floats: scales } },
    })
    .floatConstant("cascade/lowest", [], [-standardisedMax])
    .floatConstant("cascade/highest", [], [standardisedMax])
    .node({
      operator: "Clip",
      inputs: ["cascade/scaled", "cascade/lowest", "cascade/highest"],
      outputs: ["cascade/standardised"],
    })
    .floatConstant("cascade/weights", [numbers.length, weights.length], table)
    .node({
      operator: "MatMul",
      inputs: ["cascade/standardised", "cascade/weights"],
      outputs: ["cascade/number-term"],
    });
  return "cascade/number-term";
}
