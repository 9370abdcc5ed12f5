import { GraphBuilder } from "@cascade/onnx";

// Models of departures that answer in a way that the tests can foresee. All take hour and origin.

type Kind = "good" | "reversed" | "nan" | "hungry" | "slow";

/** A binary model: late departures are late, or the reverse, or no usable answer at all. */
export function binaryModel(kind: Kind, features: readonly string[] = ["hour", "origin"]): Uint8Array {
  const graph = new GraphBuilder(kind);
  for (const name of features) graph.input(name, name === "origin" ? "string" : "float", [null, 1]);
  graph
    .floatConstant("threshold", [1], [15.5])
    .node({ operator: "Sub", inputs: [features[0] ?? "hour", "threshold"], outputs: ["score"] });
  const score = scoreOf(graph, kind);
  return graph
    .node({ operator: "Neg", inputs: [score], outputs: ["negative"] })
    .node({
      operator: "Concat",
      inputs: ["negative", score],
      outputs: ["both"],
      attributes: { axis: { int: 1 } },
    })
    .node({ operator: "Sigmoid", inputs: ["both"], outputs: ["probabilities"] })
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

function scoreOf(graph: GraphBuilder, kind: Kind): string {
  switch (kind) {
    case "good":
      return "score";
    case "reversed":
      graph.node({ operator: "Neg", inputs: ["score"], outputs: ["reversed"] });
      return "reversed";
    case "nan":
      graph
        .node({ operator: "Sub", inputs: ["score", "score"], outputs: ["zero"] })
        .node({ operator: "Div", inputs: ["zero", "zero"], outputs: ["nan"] });
      return "nan";
    case "hungry":
      return doubled(graph, 26);
    case "slow": {
      // Large enough to take long, small enough for the memory: the time limit is what ends it.
      let name = doubled(graph, 19);
      for (let step = 0; step < 500; step++) {
        graph.node({ operator: "Sin", inputs: [name], outputs: [`slow${step}`] });
        name = `slow${step}`;
      }
      return name;
    }
    default:
      return kind satisfies never;
  }
}

function doubled(graph: GraphBuilder, times: number): string {
  let name = "score";
  for (let step = 0; step < times; step++) {
    const inputs = [name, name];
    name = `doubled${step}`;
    graph.node({ operator: "Concat", inputs, outputs: [name], attributes: { axis: { int: 0 } } });
  }
  return name;
}

/** prediction = hour + hour. */
export function regressionModel(): Uint8Array {
  return new GraphBuilder("doubling")
    .input("hour", "float", [null, 1])
    .node({ operator: "Add", inputs: ["hour", "hour"], outputs: ["prediction"] })
    .output("prediction", "float", [null, 1])
    .encode();
}

/** Of three classes always the third, with shares that do not depend on the row's value. */
export function multiclassModel(): Uint8Array {
  return new GraphBuilder("third")
    .input("hour", "float", [null, 1])
    .floatConstant("scores", [1, 3], [0, 1, 2])
    .node({ operator: "Sub", inputs: ["hour", "hour"], outputs: ["zero"] })
    .node({ operator: "Add", inputs: ["zero", "scores"], outputs: ["all"] })
    .node({
      operator: "Softmax",
      inputs: ["all"],
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
    .output("probabilities", "float", [null, 3])
    .encode();
}
