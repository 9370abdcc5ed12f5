import type { z } from "zod";
import { type Contradiction, isEmpty } from "./contradictions.ts";
import type { DataSection } from "./data.ts";
import type { TrainingSection } from "./model.ts";
import type { ValidationSection } from "./validation.ts";

interface Sections {
  readonly pipeline: string;
  readonly data: z.infer<typeof DataSection>;
  readonly validation: ValidationSection;
  readonly training: z.infer<typeof TrainingSection>;
}

type Expectation = ValidationSection["expectations"][number];

/** Expectations that no data can meet, or that would look at nothing. */
export function validationContradictions({
  pipeline,
  data,
  validation,
  training,
}: Sections): Contradiction[] {
  const found: Contradiction[] = [];
  const tell = (path: (string | number)[], message: string) => {
    found.push({ path: ["validation", ...path], message });
  };
  // A column may be called what every object has.
  const typeOf = (name: string) => (Object.hasOwn(data.columns, name) ? data.columns[name] : undefined);
  for (const [index, expectation] of validation.expectations.entries()) {
    const message = contradictionIn(expectation, typeOf(expectation.column));
    if (message !== undefined) tell(["expectations", index], message);
  }
  for (const [index, { column, test, threshold }] of (validation.distributions ?? []).entries()) {
    const type = typeOf(column);
    if (type === undefined) {
      tell(["distributions", index, "column"], `"${column}" is no column of data.columns`);
    } else if (forNumbers.has(test) && (type === "string" || type === "boolean")) {
      tell(
        ["distributions", index, "test"],
        `${test} compares numbers or times, not a column of type ${type}`,
      );
    }
    if (threshold !== undefined && withProbability.has(test) && threshold >= 1) {
      tell(
        ["distributions", index, "threshold"],
        `the p value of ${test} is never above 1: no batch can be right`,
      );
    }
  }
  for (const [index, reference] of (validation.references ?? []).entries()) {
    if (typeOf(reference.column) === undefined) {
      tell(["references", index, "column"], `"${reference.column}" is no column of data.columns`);
    }
    if (reference.pipeline === pipeline) {
      tell(["references", index, "pipeline"], "a batch cannot refer to its own pipeline: name another one");
    }
  }
  for (const [index, column] of (validation.leakage?.ignore ?? []).entries()) {
    if (typeOf(column) === undefined) {
      tell(["leakage", "ignore", index], `"${column}" is no column of data.columns`);
    }
  }
  if (isEmpty(validation.rowCount?.min, validation.rowCount?.max)) {
    tell(["rowCount"], "min is above max: no batch can be right");
  }
  if (validation.eventTime !== undefined && data.eventTime === undefined) {
    tell(["eventTime"], "there is no data.eventTime of which anything could be demanded");
  }
  const { labelBalance } = validation;
  if (labelBalance !== undefined && training.task === "regression") {
    tell(["labelBalance"], "the label of a regression has no classes");
  }
  if (isEmpty(labelBalance?.minShare, labelBalance?.maxShare) || (labelBalance?.minShare ?? 0) > 0.5) {
    tell(["labelBalance"], "two classes cannot be spread like this: no batch can be right");
  }
  return found;
}

const forNumbers: ReadonlySet<string> = new Set(["wasserstein", "kolmogorov-smirnov"]);
const withProbability: ReadonlySet<string> = new Set(["kolmogorov-smirnov", "chi-square"]);

function contradictionIn(expectation: Expectation, type: string | undefined): string | undefined {
  const { min, max, required, maxNullShare = 0, pattern, finite } = expectation;
  if (isEmpty(min, max)) return "min is above max: no value can be right";
  if (required === true && maxNullShare > 0)
    return "required and a maxNullShare above 0 contradict each other";
  // That there is no such column is said elsewhere.
  if (type === undefined) return undefined;
  if (pattern !== undefined && type !== "string")
    return `a pattern does not apply to a column of type ${type}`;
  if (finite === true && type !== "number")
    return `only a column of type number can be infinite, not ${type}`;
  return undefined;
}
