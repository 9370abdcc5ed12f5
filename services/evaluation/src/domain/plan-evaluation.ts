import { GateSpec, MetricName, Metrics, ServableModel, TrainingRunCompletedV1 } from "@cascade/contracts";
import { z } from "zod";

export const Champion = z.object({
  version: z.int().positive(),
  servable: ServableModel,
  metrics: Metrics,
});
export type Champion = z.infer<typeof Champion>;

export const EvaluationPlan = z.object({
  evaluationId: z.string().min(1),
  run: TrainingRunCompletedV1.schema,
  primaryMetric: MetricName,
  gates: z.array(GateSpec).min(1),
  maxModelBytes: z.int().positive(),
  champion: Champion.optional(),
  /** How often the whole evaluation was put off because the infrastructure had failed. */
  postponed: z.int().nonnegative(),
});
export type EvaluationPlan = z.infer<typeof EvaluationPlan>;
