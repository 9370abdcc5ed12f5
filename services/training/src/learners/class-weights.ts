import { z } from "zod";
import { LearnerError } from "./errors.ts";
import type { Label } from "./table.ts";

/**
 * How much a row counts, by its class: all the same, each class as much as every other in total, or as named
 * (a class that is not named counts 1).
 */
export const classWeightsSchema = z
  .union([z.enum(["equal", "balanced"]), z.record(z.string(), z.number().gt(0).max(1e6))], {
    error: 'must be "equal", "balanced", or a weight above 0 and of at most 1e6 for each class named',
  })
  .default("equal");

export type ClassWeights = z.infer<typeof classWeightsSchema>;

/** The weight of each class in the order of the label's classes; undefined where all rows count the same. */
export function weightsByClass(
  { task, classes, values }: Label,
  weights: ClassWeights,
): readonly number[] | undefined {
  if (weights === "equal") return undefined;
  if (task === "regression") {
    throw new LearnerError("PARAMETER_UNFIT", "classWeights: a regression has no classes");
  }
  if (weights === "balanced") {
    const counts = new Float64Array(classes.length);
    for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
    const seen = counts.filter((count) => count > 0).length;
    // A class that only the validation part has counts as one that has its share of the rows.
    return Array.from(counts, (count) => (count > 0 ? values.length / (seen * count) : 1));
  }
  const unknown = Object.keys(weights).filter((name) => !classes.includes(name));
  if (unknown.length > 0) {
    const detail = `classWeights: there is no class ${unknown.join(", ")}; the classes are ${classes.join(", ")}`;
    throw new LearnerError("PARAMETER_UNFIT", detail.slice(0, 1000));
  }
  return classes.map((name) => (Object.hasOwn(weights, name) ? (weights[name] ?? 1) : 1));
}
