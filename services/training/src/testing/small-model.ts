import { GraphBuilder } from "@cascade/onnx";

interface Changes {
  /** Inputs by name; undefined leaves one out. */
  readonly inputs?: Readonly<Record<string, "float" | "string" | "int64" | undefined>>;
  readonly classes?: readonly string[];
  readonly probabilities?: string;
}

/** A binary model of the sample features that answers sigmoid(hour), or one that is wrong in a chosen way. */
export function smallModel({
  inputs = {},
  classes,
  probabilities = "probabilities",
}: Changes = {}): Uint8Array {
  const graph = new GraphBuilder("small");
  const all = { hour: "float", origin: "string", distance: "float", ...inputs } as const;
  for (const [name, type] of Object.entries(all)) if (type !== undefined) graph.input(name, type, [null, 1]);
  if (classes !== undefined) graph.metadata("cascade.classes", JSON.stringify(classes));
  return graph
    .node({ operator: "Neg", inputs: ["hour"], outputs: ["negative"] })
    .node({
      operator: "Concat",
      inputs: ["negative", "hour"],
      outputs: ["both"],
      attributes: { axis: { int: 1 } },
    })
    .node({ operator: "Sigmoid", inputs: ["both"], outputs: [probabilities] })
    .node({
      operator: "ArgMax",
      inputs: [probabilities],
      outputs: ["label"],
      attributes: { axis: { int: 1 }, keepdims: { int: 1 } },
    })
    .output("label", "int64", [null, 1])
    .output(probabilities, "float", [null, 2])
    .encode();
}
