import type { ServableModel } from "@cascade/contracts";
import type { OutputTensor } from "@cascade/onnx";

type Outputs = Readonly<Record<string, OutputTensor>>;

/** A model's answers for some rows, in plain numbers; a string is what is wrong with them. */
export type Answers =
  | {
      readonly kind: "classes";
      readonly width: number;
      readonly shares: Float64Array;
      readonly labels: Int32Array;
    }
  | { readonly kind: "numbers"; readonly predictions: Float64Array };

const shareTolerance = 1e-3;

/** Reads the outputs of a run and checks them: every number finite, shares that are shares, labels that exist. */
export function readAnswers(
  model: Pick<ServableModel, "task" | "classes">,
  outputs: Outputs,
  rowCount: number,
): Answers | string {
  if (model.task === "regression") return readNumbers(outputs, rowCount);
  const width = model.classes?.length ?? 0;
  const labels = numbersOf(outputs, "label", rowCount);
  if (typeof labels === "string") return labels;
  const shares = numbersOf(outputs, "probabilities", rowCount * width);
  if (typeof shares === "string") return shares;
  const wrongLabel = labels.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= width);
  if (wrongLabel >= 0)
    return `row ${wrongLabel}: label ${labels[wrongLabel]} is no class index below ${width}`;
  return badShares(shares, width) ?? { kind: "classes", width, shares, labels: Int32Array.from(labels) };
}

function readNumbers(outputs: Outputs, rowCount: number): Answers | string {
  const predictions = numbersOf(outputs, "prediction", rowCount);
  if (typeof predictions === "string") return predictions;
  const bad = predictions.findIndex((value) => !Number.isFinite(value));
  return bad < 0 ? { kind: "numbers", predictions } : `row ${bad}: the prediction is ${predictions[bad]}`;
}

function numbersOf(outputs: Outputs, name: string, length: number): Float64Array | string {
  const data = Object.hasOwn(outputs, name) ? outputs[name]?.data : undefined;
  if (data === undefined) return `there is no output "${name}"`;
  if (data.length !== length) return `output "${name}" has ${data.length} values, ${length} were expected`;
  if (Array.isArray(data)) return `output "${name}" is text, numbers were expected`;
  return Float64Array.from(data, Number);
}

function badShares(shares: Float64Array, width: number): string | undefined {
  for (let start = 0; start < shares.length; start += width) {
    let sum = 0;
    for (let index = start; index < start + width; index++) {
      const share = shares[index] ?? Number.NaN;
      if (!(share >= -shareTolerance && share <= 1 + shareTolerance)) {
        return `row ${start / width}: probability ${share} is not between 0 and 1`;
      }
      sum += share;
    }
    if (Math.abs(sum - 1) > shareTolerance * width) {
      return `row ${start / width}: the probabilities add up to ${sum}, not to 1`;
    }
  }
  return undefined;
}

/** The answers of several batches as those of one. */
export function joinAnswers(parts: readonly Answers[]): Answers | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  if (first.kind === "numbers") {
    const numbers = parts.flatMap((part) => (part.kind === "numbers" ? [part.predictions] : []));
    return { kind: "numbers", predictions: joinFloats(numbers) };
  }
  const classes = parts.filter((part) => part.kind === "classes");
  const labels = new Int32Array(classes.reduce((sum, part) => sum + part.labels.length, 0));
  let position = 0;
  for (const part of classes) {
    labels.set(part.labels, position);
    position += part.labels.length;
  }
  return {
    kind: "classes",
    width: first.width,
    shares: joinFloats(classes.map(({ shares }) => shares)),
    labels,
  };
}

function joinFloats(parts: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    joined.set(part, position);
    position += part.length;
  }
  return joined;
}
