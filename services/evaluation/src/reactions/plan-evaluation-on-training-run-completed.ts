import { TrainingRunCompletedV1 } from "@cascade/contracts";
import { reaction } from "@cascade/messaging";
import { findChampion, findPolicy, insertEvaluation } from "../adapters/tables.ts";
import type { EvaluationPlan } from "../domain/plan-evaluation.ts";
import { evaluationErrors } from "../errors.ts";
import { evaluateCandidate } from "../jobs/evaluate-candidate.ts";

export const planEvaluationOnTrainingRunCompleted = reaction({
  name: "plan-evaluation-on-training-run-completed",
  on: TrainingRunCompletedV1,
  emits: [],

  load: async ({ pipeline }, tx) => {
    const [policy, champion] = await Promise.all([findPolicy(tx, pipeline), findChampion(tx, pipeline)]);
    return { policy, champion };
  },

  decide({ pipeline, data }, { policy, champion, now, newId }) {
    // Without its gates a candidate cannot be judged; the event that applies the pipeline may be on its way.
    if (policy === undefined) throw evaluationErrors.pipelineUnknown(pipeline);
    const plan: EvaluationPlan = {
      evaluationId: newId(),
      run: data,
      primaryMetric: policy.primaryMetric,
      gates: [...policy.gates],
      maxModelBytes: policy.maxModelBytes,
      postponed: 0,
      ...(champion === undefined ? {} : { champion }),
    };
    return { jobs: [evaluateCandidate.plan(plan, { key: plan.evaluationId })], plan, plannedAt: now };
  },

  record: ({ plan, plannedAt }, tx, { pipeline }) => insertEvaluation(tx, pipeline, plan, plannedAt),
});
