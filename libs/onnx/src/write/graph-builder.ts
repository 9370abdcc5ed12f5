import { type ElementType, elementTypeCodes } from "../element-types.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

/** One attribute of a node; the key says which of ONNX's attribute kinds it is. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly ints: ArrayLike<number> }
  | { readonly floats: ArrayLike<number> }
  | { readonly texts: readonly string[] };

/** A size in a shape; null is the number of rows, which is known only when the model runs. */
export type Dimension = number | null;

/** A node as it is added to a graph. */
export interface NodeDefinition {
  readonly operator: string;
  /** Empty for ONNX's own operators, "ai.onnx.ml" for trees, encoders and scalers. */
  readonly domain?: "" | "ai.onnx.ml";
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** The versions that every supported runtime reads and that have all the operators we export. */
const versions = { ir: 8, onnx: 17, ml: 3 } as const;

/** Builds one ONNX model, part by part. Names are checked by the runtime that loads the result. */
export class GraphBuilder {
  readonly #name: string;
  readonly #nodes: ProtobufWriter[] = [];
  readonly #constants: ProtobufWriter[] = [];
  readonly #inputs: ProtobufWriter[] = [];
  readonly #outputs: ProtobufWriter[] = [];
  readonly #metadata: ProtobufWriter[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  input(name: string, type: ElementType, shape: readonly Dimension[]): this {
    this.#inputs.push(tensorValue(name, type, shape));
    return this;
  }

  output(name: string, type: ElementType, shape: readonly Dimension[]): this {
    this.#outputs.push(tensorValue(name, type, shape));
    return this;
  }

  node({ operator, domain = "", inputs, outputs, attributes = {} }: NodeDefinition): this {
    const node = new ProtobufWriter();
    for (const input of inputs) node.text(1, input);
    for (const output of outputs) node.text(2, output);
    node.text(3, `${operator}_${this.#nodes.length}`).text(4, operator);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value));
    if (domain !== "") node.text(7, domain);
    this.#nodes.push(node);
    return this;
  }

  floatConstant(name: string, shape: readonly number[], values: ArrayLike<number>): this {
    this.#constants.push(
      new ProtobufWriter()
        .integers(1, shape)
        .integer(2, elementTypeCodes.float)
        .floats(4, values)
        .text(8, name),
    );
    return this;
  }

  int64Constant(name: string, shape: readonly number[], values: ArrayLike<number>): this {
    this.#constants.push(
      new ProtobufWriter()
        .integers(1, shape)
        .integer(2, elementTypeCodes.int64)
        .integers(7, values)
        .text(8, name),
    );
    return this;
  }

  metadata(key: string, value: string): this {
    this.#metadata.push(new ProtobufWriter().text(1, key).text(2, value));
    return this;
  }

  /** The finished model file. */
  encode(): Uint8Array {
    const graph = new ProtobufWriter();
    for (const node of this.#nodes) graph.message(1, node);
    graph.text(2, this.#name);
    for (const constant of this.#constants) graph.message(5, constant);
    for (const input of this.#inputs) graph.message(11, input);
    for (const output of this.#outputs) graph.message(12, output);
    const model = new ProtobufWriter().integer(1, versions.ir).text(2, "cascade").message(7, graph);
    model.message(8, new ProtobufWriter().text(1, "").integer(2, versions.onnx));
    model.message(8, new ProtobufWriter().text(1, "ai.onnx.ml").integer(2, versions.ml));
    for (const entry of this.#metadata) model.message(14, entry);
    return model.encode().slice();
  }
}

function tensorValue(name: string, type: ElementType, shape: readonly Dimension[]): ProtobufWriter {
  const dimensions = new ProtobufWriter();
  for (const size of shape) {
    const dimension = new ProtobufWriter();
    dimensions.message(1, size === null ? dimension.text(2, "N") : dimension.integer(1, size));
  }
  const tensor = new ProtobufWriter().integer(1, elementTypeCodes[type]).message(2, dimensions);
  return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensor));
}

function attribute(name: string, value: Attribute): ProtobufWriter {
  const field = new ProtobufWriter().text(1, name);
  if ("float" in value) return field.float(2, value.float).integer(20, 1);
  if ("int" in value) return field.integer(3, value.int).integer(20, 2);
  if ("text" in value) return field.text(4, value.text).integer(20, 3);
  if ("floats" in value) return field.floats(7, value.floats).integer(20, 6);
  if ("ints" in value) return field.integers(8, value.ints).integer(20, 7);
  for (const text of value.texts) field.text(9, text);
  return field.integer(20, 8);
}
