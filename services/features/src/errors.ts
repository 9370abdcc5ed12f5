import { ArtifactError } from "@cascade/artifacts";
import type { Problem } from "@cascade/contracts";
import { TabularError, type TabularErrorCode } from "@cascade/tabular";

/** A "no" that the pipeline or its data are the reason for: it becomes an event, and is not tried again. */
class ViewProblem extends Error {
  readonly problem: Problem;

  constructor(code: string, message: string, whatToDo: string) {
    super(message);
    this.name = "ViewProblem";
    this.problem = { code, message, whatToDo };
  }
}

export const viewProblems = {
  labelLeak: (feature: string, label: string) =>
    new ViewProblem(
      "LABEL_LEAK",
      `The feature ${feature} reads the label ${label}: the model would see what it is to predict.`,
      "Take the label out of features.columns and apply the pipeline again.",
    ),
  isTimestamp: (feature: string, sql: string) =>
    new ViewProblem(
      "FEATURE_IS_TIMESTAMP",
      `The feature ${feature} is a point in time, which a model cannot learn from as it is.`,
      `Take a part of it, such as hour(${sql}) or dayofweek(${sql}), or a number such as epoch(${sql}), and apply the pipeline again.`,
    ),
  notANumber: (feature: string, sql: string) =>
    new ViewProblem(
      "FEATURE_NOT_A_NUMBER",
      `The feature ${feature} is declared a number, but ${sql} gives text.`,
      "Convert it in SQL, for example with try_cast, or declare it a category, and apply the pipeline again.",
    ),
  aggregateOfNoNumber: (name: string, calculated: string, type: string) =>
    new ViewProblem(
      "AGGREGATE_NOT_A_NUMBER",
      `The aggregate ${name} is the ${calculated} of a ${type}.`,
      "Take it of a number, for example with try_cast, or take the count, min, max or last, and apply the pipeline again.",
    ),
  viewUnknown: (pipeline: string, view: string) =>
    new ViewProblem(
      "VIEW_UNKNOWN",
      `The pipeline ${pipeline} shares no view ${view}.`,
      `Set shared: true on the view ${view} of ${pipeline} and apply that pipeline, then apply this one again or send its next batch.`,
    ),
  viewLacksColumn: (pipeline: string, view: string, column: string) =>
    new ViewProblem(
      "VIEW_LACKS_COLUMN",
      `The view ${view} of ${pipeline} has no column or aggregate ${column}.`,
      "Correct features.joins, or declare the column there, and apply the pipeline again.",
    ),
  entityDiffers: (view: string, wanted: string, given: string) =>
    new ViewProblem(
      "ENTITY_DIFFERS",
      `The entity of the view ${view} is ${wanted}, and the join gives ${given}.`,
      "Declare the columns that name the entity with the same types in both pipelines, and apply them again.",
    ),
  noInputColumns: (label: string) =>
    new ViewProblem(
      "NO_INPUT_COLUMNS",
      `The label ${label} is the only declared column: there is nothing to predict it from.`,
      "Declare the columns that the features read in data.columns, and apply the pipeline again.",
    ),
  tooFewRows: (part: string) =>
    new ViewProblem(
      "TOO_FEW_ROWS",
      `The ${part} part of the training set has no rows.`,
      "Send more data, or change training.split or training.window.",
    ),
} as const;

// The machine's own trouble, which may be over at the next attempt.
const passing: readonly TabularErrorCode[] = [
  "TIMEOUT",
  "CANCELLED",
  "CRASHED",
  "CLOSED",
  "DISK_FULL",
  "MEMORY",
  "UNEXPECTED",
];
const lost: readonly string[] = ["ARTIFACT_MISSING", "ARTIFACT_DIGEST_MISMATCH"];

/** The problem that an error stands for, or undefined where trying again may help. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof ViewProblem) return error.problem;
  if (error instanceof TabularError && !passing.includes(error.code)) {
    return { code: error.code, message: error.message, whatToDo: error.whatToDo };
  }
  if (error instanceof ArtifactError && lost.includes(error.code)) {
    const whatToDo = "Restore the artifact store from its backup, or send the batch again.";
    return { code: error.code, message: error.message, whatToDo };
  }
  return undefined;
}
