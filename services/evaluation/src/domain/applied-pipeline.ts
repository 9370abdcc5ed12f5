import type { DataOf, GateSpec, MetricName, PipelineAppliedV1, Task } from "@cascade/contracts";
import { defaultGates } from "./gates.ts";

/** The part of a pipeline that evaluation keeps, with what follows from it. */
export interface EvaluationPolicy {
  readonly version: number;
  readonly primaryMetric: MetricName;
  readonly gates: readonly GateSpec[];
  readonly maxModelBytes: number;
}

export function evaluationPolicy({ version, spec }: DataOf<typeof PipelineAppliedV1>): EvaluationPolicy {
  const { metric, gates, maxModelBytes } = spec.evaluation;
  const primaryMetric = metric ?? primaryMetricOf(spec.training.task);
  return {
    version,
    primaryMetric,
    gates: gates.length > 0 ? gates : defaultGates(primaryMetric),
    maxModelBytes,
  };
}

function primaryMetricOf(task: Task): MetricName {
  switch (task) {
    case "binary":
      return "auc";
    case "multiclass":
      return "accuracy";
    case "regression":
      return "rmse";
    default:
      return task satisfies never;
  }
}
