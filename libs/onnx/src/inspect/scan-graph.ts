import { OnnxError } from "../errors.ts";
import type { TensorDescription } from "./description.ts";
import type { ModelLimits } from "./limits.ts";
import { allowedOperators, shortDomain, sizeInputOf } from "./operators.ts";
import { merged, scanFields, textOf } from "./protobuf-scan.ts";
import { type ConstantTensor, scanTensor, scanValueInfo } from "./scan-tensor.ts";

/** What a scan collects over a graph and the graphs inside it. */
export interface GraphScan {
  readonly operators: Set<string>;
  readonly constants: Map<string, ConstantTensor>;
  /** Nodes whose output size must be known to be small, checked when all constants have been seen. */
  readonly growing: { readonly operator: string; readonly sizeInput: string }[];
  readonly limits: ModelLimits;
  readonly fileBytes: number;
}

export interface GraphSignature {
  readonly inputs: readonly TensorDescription[];
  readonly outputs: readonly TensorDescription[];
}

/** Walks over a GraphProto; only the outermost graph's inputs and outputs must be plain tensors. */
export function scanGraph(graph: Uint8Array, scan: GraphScan, depth: number): GraphSignature {
  if (depth > scan.limits.depthMax) throw new OnnxError("MODEL_TOO_DEEP", { found: `depth ${depth}` });
  const inputs: TensorDescription[] = [];
  const outputs: TensorDescription[] = [];
  for (const field of scanFields(graph)) {
    if (field.kind !== "bytes") continue;
    if (field.number === 1) scanNode(field.value, scan, depth);
    else if (field.number === 5) addConstant(scanTensor(field.value, scan.fileBytes), scan);
    else if (field.number === 15) scanSparse(field.value, scan);
    else if (field.number === 11 && depth === 0) inputs.push(scanValueInfo(field.value));
    else if (field.number === 12 && depth === 0) outputs.push(scanValueInfo(field.value));
  }
  return { inputs, outputs };
}

/** Graphs inside graphs have names of their own; what a name stands for that is given twice is not known here. */
function addConstant(constant: ConstantTensor, scan: GraphScan): void {
  const isKnown = scan.constants.has(constant.name);
  scan.constants.set(constant.name, isKnown ? { ...constant, integers: undefined } : constant);
}

function scanSparse(sparse: Uint8Array, scan: GraphScan): void {
  for (const field of scanFields(sparse)) {
    if (field.kind === "bytes" && field.number <= 2) scanTensor(field.value, scan.fileBytes);
  }
}

function scanNode(node: Uint8Array, scan: GraphScan, depth: number): void {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: Uint8Array[] = [];
  let operator = "";
  let domain = "";
  for (const field of scanFields(node)) {
    if (field.number === 1) inputs.push(textOf(field));
    else if (field.number === 2) outputs.push(textOf(field));
    else if (field.number === 4) operator = textOf(field);
    else if (field.number === 5 && field.kind === "bytes") attributes.push(field.value);
    else if (field.number === 7) domain = shortDomain(textOf(field));
  }
  const allowed = allowedOperators.get(domain);
  if (!allowed) throw new OnnxError("MODEL_UNKNOWN_DOMAIN", { found: `${operator} of ${domain}` });
  if (!allowed.has(operator)) throw new OnnxError("MODEL_UNKNOWN_OPERATOR", { found: operator });
  scan.operators.add(domain === "" ? operator : `${domain}.${operator}`);
  // Other operators have tensors as attributes too, but their output is another one.
  const constant = domain === "" && operator === "Constant" ? outputs[0] : undefined;
  for (const attribute of attributes) scanAttribute(attribute, scan, depth, constant);
  const sizeInput = domain === "" ? sizeInputOf.get(operator) : undefined;
  if (sizeInput !== undefined) scan.growing.push({ operator, sizeInput: inputs[sizeInput] ?? "" });
}

/** Looks for constants and graphs inside an attribute; a Constant node's tensor is known by its output. */
function scanAttribute(
  attribute: Uint8Array,
  scan: GraphScan,
  depth: number,
  constant: string | undefined,
): void {
  let tensor: Uint8Array | undefined;
  for (const field of scanFields(attribute)) {
    if (field.kind !== "bytes") continue;
    if (field.number === 5) tensor = merged(tensor, field.value);
    else if (field.number === 10) scanTensor(field.value, scan.fileBytes);
    else if (field.number === 6 || field.number === 11) scanGraph(field.value, scan, depth + 1);
    else if (field.number === 22 || field.number === 23) scanSparse(field.value, scan);
  }
  if (!tensor) return;
  const found = scanTensor(tensor, scan.fileBytes);
  if (constant !== undefined) addConstant({ ...found, name: constant }, scan);
}

/** A tensor that is built to a size must have a size that is written in the model, and a small one. */
export function checkGrowing({ growing, constants, limits }: GraphScan): void {
  for (const { operator, sizeInput } of growing) {
    const sizes = constants.get(sizeInput)?.integers;
    if (!sizes)
      throw new OnnxError("MODEL_GIANT_TENSOR", { found: `${operator} to a size that is not constant` });
    const elements = sizes.reduce((product, size) => product * Number(size), 1);
    if (elements < 0)
      throw new OnnxError("MODEL_BAD_SHAPE", { found: `${operator} to ${sizes.join(" x ")}` });
    if (elements > limits.builtElementsMax) {
      throw new OnnxError("MODEL_GIANT_TENSOR", { found: `${operator} to ${elements} elements` });
    }
  }
}
