import type { GateResult } from "@cascade/contracts";
import type { Answers } from "./read-answers.ts";

/** Rows and the trainer's own answers for them. */
export interface SamplePredictions {
  readonly rows: readonly Readonly<Record<string, number | string | boolean | null>>[];
  readonly predictions: readonly (readonly number[])[];
}

export const sampleRowsMax = 100;
const tolerance = 1e-4;
const gate = "the model answers as its trainer does";

/** Compares the trainer's own answers with the model's: an export that changes answers is found here. */
export function judgeParity(
  samples: SamplePredictions | undefined,
  answers: Answers | string | undefined,
): GateResult {
  if (samples === undefined || samples.rows.length === 0) {
    return { gate, passed: true, detail: "the trainer wrote no sample predictions to compare" };
  }
  if (answers === undefined || typeof answers === "string") {
    return { gate, passed: false, detail: `the model gave no answer: ${answers ?? "it could not be run"}` };
  }
  let largest = 0;
  let worstRow = 0;
  for (const [row, expected] of samples.predictions.entries()) {
    const own = answersOf(answers, row, expected.length);
    if (own === undefined) {
      return {
        gate,
        passed: false,
        detail: `row ${row}: the trainer gives ${expected.length} numbers, the model another count`,
      };
    }
    for (const [index, value] of expected.entries()) {
      // A number far from zero cannot be held to the same absolute distance in single precision.
      const difference = Math.abs((own[index] ?? Number.NaN) - value) / Math.max(1, Math.abs(value));
      if (!(difference <= largest)) {
        largest = difference;
        worstRow = row;
      }
      if (Number.isNaN(difference))
        return { gate, passed: false, detail: `row ${row}: an answer is no number` };
    }
  }
  const detail = `${samples.rows.length} rows, largest difference ${largest.toExponential(2)} in row ${worstRow}, ${tolerance} allowed`;
  return { gate, passed: largest <= tolerance, detail };
}

/** The model's numbers for one row in the form that the trainer has chosen; one number is the share of class 1. */
function answersOf(answers: Answers, row: number, count: number): readonly number[] | undefined {
  if (answers.kind === "numbers") {
    const value = answers.predictions[row];
    return count === 1 && value !== undefined ? [value] : undefined;
  }
  const { width, shares } = answers;
  const own = [...shares.subarray(row * width, (row + 1) * width)];
  if (own.length !== width) return undefined;
  if (count === width) return own;
  return count === 1 && width === 2 ? own.slice(1) : undefined;
}
