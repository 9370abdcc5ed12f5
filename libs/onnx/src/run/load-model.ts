import type { InferenceSession, OnnxValue, Tensor } from "onnxruntime-node";
import { OnnxError } from "../errors.ts";
import type { ModelDescription, TensorDescription } from "../inspect/description.ts";
import { inspectModel } from "../inspect/inspect-model.ts";
import type { ModelLimits } from "../inspect/limits.ts";
import { type ColumnValues, convertColumn, type TensorValues } from "./convert-column.ts";

/** One output of a run; rows follow one another. */
export interface OutputTensor {
  readonly data: TensorValues;
  readonly shape: readonly number[];
}

export interface LoadOptions {
  /** Threads inside one run; more than one pays only for large batches. */
  readonly intraOpThreads: number;
  readonly limits?: Partial<ModelLimits>;
}

/** A model that is ready to run in this process. */
export interface OnnxModel {
  readonly description: ModelDescription;
  /** Runs the model on `rowCount` rows. Columns that are no input of the model are left alone. */
  run(
    columns: Readonly<Record<string, ColumnValues>>,
    rowCount: number,
  ): Promise<Record<string, OutputTensor>>;
  /** Gives the model's memory back; running it afterwards is an error. */
  release(): Promise<void>;
}

/** Inspects and loads a model. Only for models that have been checked in the sandbox before. */
export async function loadModel(
  bytes: Uint8Array,
  { intraOpThreads, limits }: LoadOptions,
): Promise<OnnxModel> {
  const description = inspectModel(bytes, limits);
  // Loaded here, not at the top: who only inspects or writes models does without the native library.
  const { InferenceSession, Tensor } = await import("onnxruntime-node");
  let session: InferenceSession | undefined;
  try {
    session = await InferenceSession.create(bytes, {
      intraOpNumThreads: intraOpThreads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      graphOptimizationLevel: "all",
      logSeverityLevel: 4,
    });
  } catch (cause) {
    throw new OnnxError("MODEL_REFUSED", { found: messageOf(cause) }, { cause });
  }
  return {
    description,
    async run(columns, rowCount) {
      if (!session) throw new OnnxError("MODEL_RELEASED");
      const feeds = description.inputs.map((input): [string, Tensor] => {
        const values = Object.hasOwn(columns, input.name) ? columns[input.name] : undefined;
        if (!values) throw new OnnxError("INPUT_MISSING", { input: input.name });
        const shape = shapeOf(input, values.length, rowCount);
        const converted = convertColumn(input.name, input.type, values);
        return [input.name, createTensor(Tensor, input, converted, shape)];
      });
      let results: InferenceSession.ReturnType;
      try {
        results = await session.run(Object.fromEntries(feeds));
      } catch (cause) {
        throw new OnnxError("RUN_FAILED", { found: messageOf(cause) }, { cause });
      }
      return Object.fromEntries(description.outputs.map(({ name }) => [name, outputOf(name, results[name])]));
    },
    async release() {
      const open = session;
      session = undefined;
      await open?.release();
    },
  };
}

/** The input's shape for this many rows; one size that is not the row count may be left to the data. */
function shapeOf({ name, shape }: TensorDescription, length: number, rowCount: number): number[] {
  const [first, ...rest] = shape;
  if (first !== undefined && first !== null && first !== rowCount) {
    throw new OnnxError("INPUT_WRONG_LENGTH", {
      input: name,
      found: `the model takes exactly ${first} rows`,
    });
  }
  const known = rest.reduce<number>((product, size) => product * (size ?? 1), rowCount);
  const open = known > 0 ? length / known : 1;
  const sizes = rest.map((size) => size ?? open);
  const elements = sizes.reduce((product, size) => product * size, shape.length === 0 ? 1 : rowCount);
  if (!Number.isInteger(open) || elements !== length) {
    throw new OnnxError("INPUT_WRONG_LENGTH", {
      input: name,
      found: `${length} values for ${rowCount} rows`,
    });
  }
  return shape.length === 0 ? [] : [rowCount, ...sizes];
}

const runtimeTypes = {
  float: "float32",
  double: "float64",
  int64: "int64",
  int32: "int32",
  bool: "bool",
  string: "string",
} as const;

function createTensor(
  TensorClass: typeof Tensor,
  { type }: TensorDescription,
  values: TensorValues,
  shape: number[],
): Tensor {
  // The runtime's constructor has one overload a type; the conversion has just matched them.
  return new (TensorClass as new (type: string, data: TensorValues, shape: number[]) => Tensor)(
    runtimeTypes[type],
    values,
    shape,
  );
}

function outputOf(name: string, value: OnnxValue | undefined): OutputTensor {
  if (!value || !("data" in value)) throw new OnnxError("RUN_FAILED", { found: `output ${name} is missing` });
  const { data, dims } = value;
  const isKnown =
    data instanceof Float32Array ||
    data instanceof Float64Array ||
    data instanceof BigInt64Array ||
    data instanceof Int32Array ||
    data instanceof Uint8Array ||
    Array.isArray(data);
  if (!isKnown) throw new OnnxError("MODEL_UNSUPPORTED_TYPE", { found: `output ${name}` });
  return { data, shape: [...dims] };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
