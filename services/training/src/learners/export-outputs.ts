import { GraphBuilder } from "@cascade/onnx";
import type { Task } from "./table.ts";

/** A column as the model's users see it. */
interface ModelColumn {
  readonly name: string;
  readonly type: "number" | "category";
}

export interface ModelContract {
  readonly task: Task;
  readonly classes: readonly string[];
  readonly columns: readonly ModelColumn[];
}

/**
 * Starts a graph with one [N,1] input a raw column and with the metadata that says what the model is for.
 * Tensors inside the graph have names that begin with "cascade/", which no column may.
 */
export function startGraph({ task, classes, columns }: ModelContract): GraphBuilder {
  const graph = new GraphBuilder("cascade")
    .metadata("cascade.task", task)
    .metadata("cascade.classes", JSON.stringify(classes))
    .metadata("cascade.columns", JSON.stringify(columns));
  for (const { name, type } of columns) graph.input(name, type === "number" ? "float" : "string", [null, 1]);
  return graph;
}

/**
 * Turns raw scores into what the task promises. Sigmoid and Softmax are nodes of their own rather than a
 * tree classifier's post-transform, which several runtime versions get wrong.
 */
export function finishGraph(
  graph: GraphBuilder,
  { task, classes }: ModelContract,
  scores: string,
): Uint8Array {
  if (task === "regression") {
    return graph
      .node({ operator: "Identity", inputs: [scores], outputs: ["prediction"] })
      .output("prediction", "float", [null, 1])
      .encode();
  }
  if (task === "binary") addBinaryProbabilities(graph, scores);
  else {
    const attributes = { axis: { int: 1 } };
    graph.node({ operator: "Softmax", inputs: [scores], outputs: ["probabilities"], attributes });
  }
  return graph
    .node({
      operator: "ArgMax",
      inputs: ["probabilities"],
      outputs: ["label"],
      attributes: { axis: { int: 1 }, keepdims: { int: 1 } },
    })
    .output("label", "int64", [null, 1])
    .output("probabilities", "float", [null, classes.length])
    .encode();
}

/** Both shares come from a sigmoid: 1 - p would lose the digits of a very small second share. */
function addBinaryProbabilities(graph: GraphBuilder, scores: string): void {
  graph
    .node({ operator: "Neg", inputs: [scores], outputs: ["cascade/negative"] })
    .node({
      operator: "Concat",
      inputs: ["cascade/negative", scores],
      outputs: ["cascade/both"],
      attributes: { axis: { int: 1 } },
    })
    .node({ operator: "Sigmoid", inputs: ["cascade/both"], outputs: ["probabilities"] });
}
