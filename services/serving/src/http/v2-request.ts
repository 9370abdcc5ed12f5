import type { Feature, ServableModel } from "@cascade/contracts";
import type { FeatureTable, FeatureValue } from "../domain/feature-table.ts";
import { requestErrors } from "../errors.ts";
import { isRecord } from "./predict-request.ts";
import { readTensor } from "./v2-tensor.ts";

export interface V2Request {
  readonly id?: string;
  readonly table: FeatureTable;
  /** The names of the outputs that are wanted; all of them where it is left out. */
  readonly outputs?: readonly string[];
}

/** Reads an inference request: one tensor for each feature of the model. Throws with what is wrong. */
export function readV2Request(body: unknown, servable: ServableModel, rowsMax: number): V2Request {
  if (!isRecord(body)) throw requestErrors.invalid("The body is no JSON object with inputs.");
  const { id, inputs, outputs } = body;
  if (id !== undefined && typeof id !== "string") throw requestErrors.invalid("id must be a text.");
  if (!Array.isArray(inputs)) throw requestErrors.invalid("inputs must be a list of tensors.");
  const wanted = outputs === undefined ? undefined : readOutputs(outputs, servable);
  const table = readInputs(inputs, servable.features, rowsMax);
  return { table, ...(id === undefined ? {} : { id }), ...(wanted === undefined ? {} : { outputs: wanted }) };
}

function readInputs(inputs: readonly unknown[], features: readonly Feature[], rowsMax: number): FeatureTable {
  const kinds = new Map(features.map(({ name, kind }) => [name, kind]));
  const columns = new Map<string, readonly FeatureValue[]>();
  let rowCount: number | undefined;
  for (const [index, tensor] of inputs.entries()) {
    if (!isRecord(tensor) || typeof tensor.name !== "string") {
      throw requestErrors.invalid(`inputs[${index}] is no tensor with a name.`);
    }
    const { name } = tensor;
    const kind = kinds.get(name);
    if (kind === undefined) {
      const names = features.map((feature) => feature.name).join(", ");
      throw requestErrors.invalid(`The model has no input ${quoted(name)}. It has: ${names}.`);
    }
    if (columns.has(name)) throw requestErrors.invalid(`The input ${quoted(name)} is given twice.`);
    const values = readTensor(name, kind, tensor, rowsMax);
    rowCount ??= values.length;
    if (values.length !== rowCount) {
      throw requestErrors.invalid(
        `The input ${quoted(name)} has ${values.length} rows, the inputs before it have ${rowCount}.`,
      );
    }
    columns.set(name, values);
  }
  const missing = features.find(({ name }) => !columns.has(name));
  if (missing !== undefined) throw requestErrors.invalid(`The input ${quoted(missing.name)} is missing.`);
  return { rowCount: rowCount ?? 0, columns: features.map(({ name }) => columns.get(name) ?? []) };
}

export function outputNames({ task }: Pick<ServableModel, "task">): readonly string[] {
  return task === "regression" ? ["prediction"] : ["label", "probabilities"];
}

function readOutputs(outputs: unknown, servable: ServableModel): string[] | undefined {
  if (!Array.isArray(outputs)) throw requestErrors.invalid("outputs must be a list of requested outputs.");
  const known = outputNames(servable);
  const names = outputs.map((output: unknown, index) => {
    if (!isRecord(output) || typeof output.name !== "string") {
      throw requestErrors.invalid(`outputs[${index}] is no requested output with a name.`);
    }
    if (known.includes(output.name)) return output.name;
    throw requestErrors.invalid(
      `The model has no output ${quoted(output.name)}. It has: ${known.join(", ")}.`,
    );
  });
  // Each name multiplies the answer.
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw requestErrors.invalid(`The output ${quoted(twice)} is asked for twice.`);
  // An empty list asks for all, as leaving it out does.
  return names.length === 0 ? undefined : names;
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}
