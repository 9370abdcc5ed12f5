import { OnnxError } from "../errors.ts";
import type { ModelDescription, TensorDescription } from "./description.ts";
import { guessFileKind } from "./file-kind.ts";
import { defaultLimits, type ModelLimits } from "./limits.ts";
import { shortDomain } from "./operators.ts";
import { merged, ProtobufSyntaxError, scanFields, textOf } from "./protobuf-scan.ts";
import { checkGrowing, type GraphScan, scanGraph } from "./scan-graph.ts";

/**
 * Reads what a model is from its bytes, without the runtime: nothing of the file is executed or trusted.
 * Throws an OnnxError for what no model of ours may have. What only running can show (endless loops,
 * memory) is the sandbox's part.
 */
export function inspectModel(bytes: Uint8Array, limits: Partial<ModelLimits> = {}): ModelDescription {
  const allLimits = { ...defaultLimits, ...limits };
  if (bytes.length === 0) throw new OnnxError("MODEL_EMPTY");
  if (bytes.length > allLimits.sizeBytesMax) {
    throw new OnnxError("MODEL_TOO_LARGE", { found: `${bytes.length} bytes` });
  }
  const kind = guessFileKind(bytes);
  if (kind) throw new OnnxError("MODEL_NOT_ONNX", { found: `it looks like ${kind}` });
  try {
    return readModel(bytes, allLimits);
  } catch (cause) {
    if (!(cause instanceof ProtobufSyntaxError)) throw cause;
    // A model begins with its format version; what does so and then breaks off was cut.
    const code = bytes[0] === 8 ? "MODEL_TRUNCATED" : "MODEL_NOT_ONNX";
    throw new OnnxError(code, { found: cause.message }, { cause });
  }
}

function readModel(bytes: Uint8Array, limits: ModelLimits): ModelDescription {
  const opsets = new Map<string, number>();
  const metadata = new Map<string, string>();
  let graph: Uint8Array | undefined;
  let hasVersion = false;
  for (const field of scanFields(bytes)) {
    if (field.number === 1 && field.kind === "varint") hasVersion = true;
    else if (field.number === 7 && field.kind === "bytes") graph = merged(graph, field.value);
    else if (field.number === 8 && field.kind === "bytes") addOpset(field.value, opsets);
    else if (field.number === 14 && field.kind === "bytes") addMetadata(field.value, metadata);
    else if (field.number === 20)
      throw new OnnxError("MODEL_UNKNOWN_OPERATOR", { found: "training information" });
    else if (field.number === 25)
      throw new OnnxError("MODEL_UNKNOWN_DOMAIN", { found: "functions of its own" });
  }
  if (!hasVersion) throw new OnnxError("MODEL_NOT_ONNX", { found: "it names no format version" });
  if (!graph) throw new OnnxError("MODEL_TRUNCATED", { found: "it has no graph" });
  const scan: GraphScan = {
    operators: new Set(),
    constants: new Map(),
    growing: [],
    limits,
    fileBytes: bytes.length,
  };
  const { inputs, outputs } = scanGraph(graph, scan, 0);
  checkGrowing(scan);
  // Old exporters list constants among the inputs; nobody has to give those.
  const asked = inputs.filter(({ name }) => !scan.constants.has(name));
  if (asked.length === 0) throw new OnnxError("MODEL_WITHOUT_INPUTS");
  if (outputs.length === 0) throw new OnnxError("MODEL_WITHOUT_OUTPUTS");
  checkNames(asked);
  checkNames(outputs);
  return {
    inputs: asked,
    outputs,
    opsets: Object.fromEntries(opsets),
    operators: [...scan.operators].sort(),
    metadata: Object.fromEntries(metadata),
    sizeBytes: bytes.length,
  };
}

function addOpset(message: Uint8Array, opsets: Map<string, number>): void {
  let domain = "";
  let version = 0;
  for (const field of scanFields(message)) {
    if (field.number === 1) domain = shortDomain(textOf(field));
    else if (field.number === 2 && field.kind === "varint") version = Number(field.value);
  }
  opsets.set(domain, version);
}

function addMetadata(message: Uint8Array, metadata: Map<string, string>): void {
  let key = "";
  let value = "";
  for (const field of scanFields(message)) {
    if (field.number === 1) key = textOf(field);
    else if (field.number === 2) value = textOf(field);
  }
  metadata.set(key, value);
}

function checkNames(tensors: readonly TensorDescription[]): void {
  const names = new Set(tensors.map(({ name }) => name));
  if (names.has("") || names.size !== tensors.length) {
    throw new OnnxError("MODEL_BAD_SHAPE", { found: "inputs or outputs without a name of their own" });
  }
}
