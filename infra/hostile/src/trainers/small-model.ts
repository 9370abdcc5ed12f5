import { type ElementType, GraphBuilder } from "@cascade/onnx";

/** What a binary model of the features hour, origin and distance may have wrong. */
export interface ModelChanges {
  readonly inputs?: Readonly<Record<string, ElementType | undefined>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly classes?: string;
  readonly width?: 1 | 2 | 3;
  readonly rows?: number;
}

/** A model that fits the features and the task of the tests, but for the changes. */
export function smallModel({
  inputs = {},
  outputs = {},
  classes,
  width = 2,
  rows,
}: ModelChanges = {}): Uint8Array {
  const graph = new GraphBuilder("small");
  const all: Record<string, ElementType | undefined> = {
    hour: "float",
    origin: "string",
    distance: "float",
    ...inputs,
  };
  for (const [name, type] of Object.entries(all)) {
    if (type !== undefined) graph.input(name, type, [rows ?? null, 1]);
  }
  if (classes !== undefined) graph.metadata("cascade.classes", classes);
  const { label = "label", probabilities = "probabilities" } = outputs;
  const columns = Array<string>(width).fill("hour");
  return graph
    .node({ operator: "Concat", inputs: columns, outputs: ["raw"], attributes: { axis: { int: 1 } } })
    .node({
      operator: "Softmax",
      inputs: ["raw"],
      outputs: [probabilities],
      attributes: { axis: { int: 1 } },
    })
    .node({ operator: "ArgMax", inputs: [probabilities], outputs: [label], attributes: { axis: { int: 1 } } })
    .output(label, "int64", [rows ?? null, 1])
    .output(probabilities, "float", [rows ?? null, width])
    .encode();
}
