import { LearnerError } from "./errors.ts";
import type { LabelledTable } from "./table.ts";

/**
 * Refuses what no learner can learn from. A constant label would otherwise give an infinite base score, and
 * a missing one would silently become a NaN model.
 */
export function checkTrainingSet({ features, label }: LabelledTable): void {
  if (features.rowCount === 0) throw new LearnerError("NO_ROWS");
  if (features.columns.length === 0) throw new LearnerError("NO_COLUMNS");
  const missing = label.values.findIndex((value) => !Number.isFinite(value));
  if (missing >= 0) throw new LearnerError("MISSING_LABEL", `first in row ${missing}`);
  const first = label.values[0];
  const varies = label.values.some((value) => value !== first);
  if (!varies) throw new LearnerError(label.task === "regression" ? "CONSTANT_LABEL" : "ONE_CLASS");
}
