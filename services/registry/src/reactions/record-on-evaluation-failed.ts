import { EvaluationFailedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { findRegistration, insertEvaluation } from "../adapters/model-versions.ts";

export const recordOnEvaluationFailed = reaction({
  name: "record-on-evaluation-failed",
  on: EvaluationFailedV1,
  emits: [],

  load: ({ pipeline, data }, tx) => findRegistration(tx, pipeline, data),

  decide({ data, id, correlationId }, { evaluated, now }) {
    if (evaluated) return ignore("EVALUATION_RECORDED_BEFORE");
    const { evaluationId, runId } = data;
    return {
      events: [],
      evaluation: { evaluationId, runId, passed: false, evidence: data, eventId: id, correlationId, at: now },
    };
  },

  record: ({ evaluation }, tx, { pipeline }) => insertEvaluation(tx, pipeline, evaluation),
});
