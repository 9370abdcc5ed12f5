import type { Answers } from "./answers.ts";

/** One answer as callers of the plain interface get it. */
export interface Prediction {
  readonly id: string;
  readonly version: number;
  readonly prediction: string | number;
  /** Of the predicted class. */
  readonly probability?: number;
  readonly probabilities?: Readonly<Record<string, number>>;
}

export function predictionsOf(
  answers: Answers,
  classes: readonly string[],
  version: number,
  ids: readonly string[],
): Prediction[] {
  if (answers.kind === "numbers") {
    return ids.map((id, row) => ({ id, version, prediction: answers.predictions[row] ?? 0 }));
  }
  const { width, labels, probabilities } = answers;
  return ids.map((id, row) => {
    const label = labels[row] ?? 0;
    const start = row * width;
    return {
      id,
      version,
      prediction: classes[label] ?? String(label),
      probability: probabilities[start + label] ?? 0,
      probabilities: Object.fromEntries(
        classes.map((name, index) => [name, probabilities[start + index] ?? 0]),
      ),
    };
  });
}

/** What the log keeps of an answer: the probabilities by class index, or the number. */
export function loggedOutput(answers: Answers, row: number): number | number[] {
  if (answers.kind === "numbers") return answers.predictions[row] ?? 0;
  return [...answers.probabilities.subarray(row * answers.width, (row + 1) * answers.width)];
}
