import type { Feature, Task } from "@cascade/contracts";
import type { ModelDescription } from "@cascade/onnx";
import { readable } from "./readable.ts";

export interface ContractCheck {
  /** What a data scientist must change, one sentence each; empty where the model fits. */
  readonly mismatches: readonly string[];
  /** Class names by index, absent for a regression. */
  readonly classes?: readonly string[];
}

const numberTypes = ["float", "double"];
const classesMax = 10_000;
/** The names of all classes travel in events, which have at most 256 KiB. */
const classesTextMax = 64 * 1024;

/** Compares a model's inputs and outputs with what the request's columns and task imply. */
export function checkModelContract(
  model: Pick<ModelDescription, "inputs" | "outputs" | "metadata">,
  features: readonly Feature[],
  task: Task,
): ContractCheck {
  const inputs = checkInputs(model, features);
  if (task === "regression") return { mismatches: [...inputs, ...checkPrediction(model)] };
  const { mismatches, classes } = checkClassification(model, task);
  return { mismatches: [...inputs, ...mismatches], ...(classes === undefined ? {} : { classes }) };
}

type Signature = Pick<ModelDescription, "inputs" | "outputs" | "metadata">;

function checkInputs({ inputs }: Signature, features: readonly Feature[]): string[] {
  const [only] = inputs;
  if (inputs.length === 1 && only !== undefined && features.length > 1 && !isColumn(only.shape)) {
    const names = features.map(({ name }) => name).join(", ");
    return [
      `its one input "${only.name}" ${shapeText(only.shape)} takes all columns at once: give it ${features.length} inputs of [N,1] instead (${names}). examples/trainers shows how with scikit-learn, XGBoost and PyTorch`,
    ];
  }
  const byName = new Map(inputs.map((input) => [input.name, input]));
  const expected = new Set(features.map(({ name }) => name));
  const own = features.flatMap(({ name, kind }) => {
    const input = byName.get(name);
    const wanted = kind === "number" ? "float" : "string";
    if (input === undefined) return [`input "${name}" (${wanted}) is missing`];
    const fits = kind === "number" ? numberTypes.includes(input.type) : input.type === "string";
    const problems = fits
      ? []
      : [`input "${name}" is ${input.type}, but the column is a ${kind}: make it ${wanted}`];
    return isColumn(input.shape)
      ? problems
      : [...problems, `input "${name}" has the shape ${shapeText(input.shape)}, not [N,1]`];
  });
  const foreign = inputs.filter(({ name }) => !expected.has(name));
  return [...own, ...foreign.map(({ name }) => `input "${name}" is no column of request.json`)];
}

function checkPrediction({ outputs }: Signature): string[] {
  const output = outputs.find(({ name }) => name === "prediction");
  if (output === undefined) return [`output "prediction" is missing (it has ${namesOf(outputs)})`];
  const problems = numberTypes.includes(output.type)
    ? []
    : [`output "prediction" is ${output.type}, not float`];
  return isColumn(output.shape)
    ? problems
    : [...problems, `output "prediction" has the shape ${shapeText(output.shape)}, not [N,1]`];
}

function checkClassification(model: Signature, task: Task): ContractCheck {
  const { outputs, metadata } = model;
  const mismatches: string[] = [];
  const label = outputs.find(({ name }) => name === "label");
  if (label === undefined) mismatches.push(`output "label" is missing (it has ${namesOf(outputs)})`);
  else if (label.type !== "int64")
    mismatches.push(`output "label" is ${label.type}, not int64 (the class index)`);
  const probabilities = outputs.find(({ name }) => name === "probabilities");
  if (probabilities === undefined) {
    mismatches.push(`output "probabilities" is missing (it has ${namesOf(outputs)})`);
    return { mismatches };
  }
  if (!numberTypes.includes(probabilities.type)) {
    mismatches.push(`output "probabilities" is ${probabilities.type}, not float`);
  }
  if (probabilities.shape.length !== 2) {
    mismatches.push(
      `output "probabilities" has the shape ${shapeText(probabilities.shape)}, not [N,classes]`,
    );
  }
  const width = probabilities.shape[1] ?? undefined;
  const classes = classesOf(metadata["cascade.classes"], width, task);
  if (typeof classes === "string") return { mismatches: [...mismatches, classes] };
  if (task === "binary" && classes.length !== 2) {
    mismatches.push(`a binary task has 2 classes, the model has ${classes.length}`);
  }
  if (width !== undefined && width !== classes.length) {
    mismatches.push(`output "probabilities" has ${width} columns for ${classes.length} classes`);
  }
  return { mismatches, classes };
}

/** The class names of the metadata, or "0", "1", … where the model says nothing; a string is a mismatch. */
function classesOf(
  text: string | undefined,
  width: number | undefined,
  task: Task,
): readonly string[] | string {
  if (text === undefined) {
    const count = width ?? (task === "binary" ? 2 : undefined);
    if (count === undefined)
      return 'the number of classes is unknown: name them in the metadata "cascade.classes"';
    if (count > classesMax) return `the model has ${count} classes, more than ${classesMax}`;
    return Array.from({ length: count }, (_, index) => String(index));
  }
  const classes = parseClasses(text);
  if (classes !== undefined) return classes;
  return 'the metadata "cascade.classes" is no JSON list of different class names of together at most 64 KiB';
}

function parseClasses(text: string): readonly string[] | undefined {
  if (text.length > classesTextMax) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value) || value.length < 2 || value.length > classesMax) return undefined;
    const names = value.filter((name) => typeof name === "string" && name === readable(name));
    return names.length === value.length && new Set(names).size === names.length ? names : undefined;
  } catch {
    return undefined;
  }
}

/** [N], [N,1] and shapes that are open where they could be that. */
function isColumn(shape: readonly (number | null)[]): boolean {
  const [rows, columns] = shape;
  if (rows !== undefined && rows !== null) return false;
  return shape.length === 1 || (shape.length === 2 && (columns === 1 || columns === null));
}

function shapeText(shape: readonly (number | null)[]): string {
  return `[${shape.map((size) => size ?? "N").join(",")}]`;
}

function namesOf(tensors: readonly { readonly name: string }[]): string {
  return tensors.map(({ name }) => `"${name}"`).join(", ");
}
