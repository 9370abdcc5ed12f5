import { GraphBuilder } from "../write/graph-builder.ts";
import { ProtobufWriter } from "../write/protobuf-writer.ts";

/** y = x + x for one float column. */
export function doublingModel(): Uint8Array {
  return new GraphBuilder("doubling")
    .input("x", "float", [null, 1])
    .node({ operator: "Add", inputs: ["x", "x"], outputs: ["y"] })
    .output("y", "float", [null, 1])
    .metadata("cascade.task", "regression")
    .encode();
}

/** Joins x to itself again and again: every step doubles the memory, no single constant is large. */
export function memoryEatingModel(doublings: number): Uint8Array {
  const graph = new GraphBuilder("eater").input("x", "float", [null, 1]);
  let name = "x";
  for (let step = 0; step < doublings; step++) {
    const next = step === doublings - 1 ? "y" : `x${step}`;
    graph.node({
      operator: "Concat",
      inputs: [name, name],
      outputs: [next],
      attributes: { axis: { int: 0 } },
    });
    name = next;
  }
  return graph.output("y", "float", [null, 1]).encode();
}

/** A Loop whose condition is always true and whose trip count is the largest there is. */
export function endlessModel(): Uint8Array {
  const body = new ProtobufWriter();
  body.message(1, node("Identity", ["keep_in"], ["keep_out"]));
  body.message(1, node("Add", ["state_in", "state_in"], ["state_out"]));
  body.text(2, "body");
  body.message(11, value("trip", 7, [])).message(11, value("keep_in", 9, []));
  body.message(11, value("state_in", 1, [null, 1]));
  body.message(12, value("keep_out", 9, [])).message(12, value("state_out", 1, [null, 1]));
  const loop = node("Loop", ["trips", "keep", "x"], ["y"]);
  loop.message(5, new ProtobufWriter().text(1, "body").message(6, body).integer(20, 5));
  const graph = new ProtobufWriter().message(1, loop).text(2, "endless");
  graph.message(
    5,
    new ProtobufWriter()
      .integer(2, 7)
      .integers(7, [2 ** 53])
      .text(8, "trips"),
  );
  graph.message(5, new ProtobufWriter().integer(2, 9).integers(5, [1]).text(8, "keep"));
  graph.message(11, value("x", 1, [null, 1])).message(12, value("y", 1, [null, 1]));
  return modelOf(graph);
}

/** A model around a graph that is written by hand, for what the builder refuses to write. */
export function modelOf(graph: ProtobufWriter): Uint8Array {
  const opset = new ProtobufWriter().text(1, "").integer(2, 17);
  return new ProtobufWriter().integer(1, 8).message(7, graph).message(8, opset).encode().slice();
}

export function node(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const input of inputs) writer.text(1, input);
  for (const output of outputs) writer.text(2, output);
  return writer.text(4, operator);
}

export function value(name: string, type: number, shape: readonly (number | null)[]): ProtobufWriter {
  const dimensions = new ProtobufWriter();
  for (const size of shape) {
    dimensions.message(
      1,
      size === null ? new ProtobufWriter().text(2, "N") : new ProtobufWriter().integer(1, size),
    );
  }
  const tensor = new ProtobufWriter().integer(1, type).message(2, dimensions);
  return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensor));
}
