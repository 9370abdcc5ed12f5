import { modelOf, node, ProtobufWriter, value } from "@cascade/onnx/testing";

export { modelOf, node, ProtobufWriter, value };

export const [float, int64, bool] = [1, 7, 9];

/** A graph from a float column "x" to a float column "y", with whatever is put into it. */
export function graph(...nodes: readonly ProtobufWriter[]): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const one of nodes) writer.message(1, one);
  return writer
    .text(2, "g")
    .message(11, value("x", float, [null, 1]))
    .message(12, value("y", float, [null, 1]));
}

/** A tensor of whole numbers, as an initializer or within an attribute. */
export function integers(
  name: string,
  values: readonly number[],
  dims: readonly number[] = [values.length],
): ProtobufWriter {
  return new ProtobufWriter().integers(1, dims).integer(2, int64).integers(7, values).text(8, name);
}

export function floats(
  name: string,
  values: readonly number[],
  dims: readonly number[] = [values.length],
): ProtobufWriter {
  return new ProtobufWriter().integers(1, dims).integer(2, float).floats(4, values).text(8, name);
}

export function flag(name: string, set: boolean): ProtobufWriter {
  return new ProtobufWriter()
    .integer(2, bool)
    .integers(5, [set ? 1 : 0])
    .text(8, name);
}

export function graphAttribute(name: string, inner: ProtobufWriter): ProtobufWriter {
  return new ProtobufWriter().text(1, name).message(6, inner).integer(20, 5);
}

export function tensorAttribute(name: string, tensor: ProtobufWriter): ProtobufWriter {
  return new ProtobufWriter().text(1, name).message(5, tensor).integer(20, 4);
}

export function integerAttribute(name: string, number: number): ProtobufWriter {
  return new ProtobufWriter().text(1, name).integer(3, number).integer(20, 2);
}

export function integersAttribute(name: string, numbers: readonly number[]): ProtobufWriter {
  return new ProtobufWriter().text(1, name).integers(8, numbers).integer(20, 7);
}

/** A branch without inputs whose only output is the outcome of its last node. */
export function branch(output: string, ...nodes: readonly ProtobufWriter[]): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const one of nodes) writer.message(1, one);
  return writer.text(2, "branch").message(12, value(output, float, [null, 1]));
}

/** Identity from x to y. */
export const through = () => node("Identity", ["x"], ["y"]);
