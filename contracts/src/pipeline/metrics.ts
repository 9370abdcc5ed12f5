import { z } from "zod";

/** Which way a metric is better. */
export type Goal = "minimize" | "maximize";

const ofClasses = {
  auc: "maximize",
  averagePrecision: "maximize",
  logLoss: "minimize",
  brier: "minimize",
  accuracy: "maximize",
  precision: "maximize",
  recall: "maximize",
  f1: "maximize",
  calibrationError: "minimize",
} as const satisfies Record<string, Goal>;

const ofNumbers = {
  rmse: "minimize",
  mae: "minimize",
  mape: "minimize",
  r2: "maximize",
  medianError: "minimize",
  p90Error: "minimize",
} as const satisfies Record<string, Goal>;

const measured = { ...ofClasses, ...ofNumbers };

/** What Cascade measures itself: libs/metrics says how. */
export const MetricName = z.enum(Object.keys(measured) as [keyof typeof measured]);
export type MetricName = z.infer<typeof MetricName>;

/** A field for each metric, none of which has to be there. */
export function metricFields<Schema extends z.ZodType>(
  field: Schema,
): Record<MetricName, z.ZodExactOptional<Schema>> {
  const fields = MetricName.options.map((name) => [name, field.exactOptional()]);
  return Object.fromEntries(fields) as Record<MetricName, z.ZodExactOptional<Schema>>;
}

/** What trainers and their programs often tell beside. */
const told: Readonly<Record<string, Goal>> = { validationLoss: "minimize", loss: "minimize" };

export function goalOf(metric: MetricName): Goal;
/** Undefined for a metric that nobody knows but its program. */
export function goalOf(metric: string): Goal | undefined;
export function goalOf(metric: string): Goal | undefined {
  const known: Readonly<Record<string, Goal>> = { ...told, ...measured };
  return Object.hasOwn(known, metric) ? known[metric] : undefined;
}

/** By how much a value of a metric is better than another one; negative where it is worse. */
export function improvementOf(metric: MetricName, value: number, over: number): number {
  return goalOf(metric) === "minimize" ? over - value : value - over;
}

export function fitsTask(metric: string, task: "binary" | "multiclass" | "regression"): boolean {
  return Object.hasOwn(task === "regression" ? ofNumbers : ofClasses, metric);
}
