import { LearnerError } from "./errors.ts";
import type { LabelledTable } from "./table.ts";

/** Far below the largest 32-bit number, so that neither sums of labels nor of leaves reach it. */
const labelMax = 1e30;

/**
 * Refuses what no learner can learn from. A constant label would otherwise give an infinite base score, and
 * a missing one would silently become a NaN model.
 */
export function checkTrainingSet({ features, label }: LabelledTable): void {
  if (features.rowCount === 0) throw new LearnerError("NO_ROWS");
  if (features.columns.length === 0) throw new LearnerError("NO_COLUMNS");
  const missing = label.values.findIndex((value) => !Number.isFinite(value));
  if (missing >= 0) throw new LearnerError("MISSING_LABEL", `first in row ${missing}`);
  const large = label.values.find((value) => Math.abs(value) > labelMax);
  if (large !== undefined) throw new LearnerError("LABEL_TOO_LARGE", `${large}, at most ${labelMax}`);
  const first = label.values[0];
  const varies = label.values.some((value) => value !== first);
  if (!varies) throw new LearnerError(label.task === "regression" ? "CONSTANT_LABEL" : "ONE_CLASS");
}
