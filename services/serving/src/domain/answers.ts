import type { ServableModel } from "@cascade/contracts";
import type { OutputTensor } from "@cascade/onnx";
import { servingErrors } from "../errors.ts";

/** A model's answers, row after row. */
export type Answers =
  | {
      readonly kind: "classes";
      readonly width: number;
      readonly labels: Int32Array;
      readonly probabilities: Float64Array;
    }
  | { readonly kind: "numbers"; readonly predictions: Float64Array };

/** Reads the outputs of a run. Throws where one is missing or has not one value for each row. */
export function readAnswers(
  { task, classes }: Pick<ServableModel, "task" | "classes">,
  outputs: Readonly<Record<string, OutputTensor>>,
  rowCount: number,
): Answers {
  if (task === "regression")
    return { kind: "numbers", predictions: numbersOf(outputs, "prediction", rowCount) };
  const width = classes?.length ?? 0;
  return {
    kind: "classes",
    width,
    labels: indexesOf(numbersOf(outputs, "label", rowCount)),
    probabilities: numbersOf(outputs, "probabilities", rowCount * width),
  };
}

/** Numbers beyond 32 bits would come out as other classes. */
function indexesOf(numbers: Float64Array): Int32Array {
  const indexes = Int32Array.from(numbers);
  if (indexes.some((index, row) => index !== numbers[row])) throw servingErrors.answerIncomplete("label");
  return indexes;
}

function numbersOf(
  outputs: Readonly<Record<string, OutputTensor>>,
  name: string,
  length: number,
): Float64Array {
  const data = Object.hasOwn(outputs, name) ? outputs[name]?.data : undefined;
  if (data === undefined || Array.isArray(data) || data.length !== length)
    throw servingErrors.answerIncomplete(name);
  return Float64Array.from(data, Number);
}

/** The answers of some of the rows. */
export function sliceAnswers(answers: Answers, from: number, to: number): Answers {
  if (answers.kind === "numbers")
    return { kind: "numbers", predictions: answers.predictions.subarray(from, to) };
  const { width } = answers;
  return {
    kind: "classes",
    width,
    labels: answers.labels.subarray(from, to),
    probabilities: answers.probabilities.subarray(from * width, to * width),
  };
}

/** Throws for the first row without a usable answer: no caller can do anything with NaN, and JSON has none. */
export function checkAnswers(answers: Answers): void {
  const values = answers.kind === "numbers" ? answers.predictions : answers.probabilities;
  const width = answers.kind === "numbers" ? 1 : answers.width;
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw servingErrors.answerNotFinite(Math.floor(bad / width));
  if (answers.kind === "numbers") return;
  const label = answers.labels.findIndex((index) => index < 0 || index >= width);
  if (label >= 0) throw servingErrors.answerIncomplete("label");
}
