import {
  EvaluationPassedV1,
  ModelVersionApprovalRequestedV1,
  ModelVersionDemotedV1,
  ModelVersionPromotedV1,
  ModelVersionRegisteredV1,
} from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { insertApproval } from "../adapters/approvals.ts";
import { findChampion, insertChampion } from "../adapters/champions.ts";
import {
  findModelVersion,
  findRegistration,
  insertEvaluation,
  insertModelVersion,
} from "../adapters/model-versions.ts";
import { findPipelineInForce } from "../adapters/pipelines.ts";
import { moveChampion } from "../domain/champion.ts";
import { decidePromotion, type PresentChampion } from "../domain/decide-promotion.ts";
import type { ModelVersion } from "../domain/model-version.ts";
import { promoted } from "../domain/promotion-events.ts";
import { pipelineUnknown } from "../errors.ts";

export const registerOnEvaluationPassed = reaction({
  name: "register-on-evaluation-passed",
  on: EvaluationPassedV1,
  emits: [
    ModelVersionRegisteredV1,
    ModelVersionPromotedV1,
    ModelVersionApprovalRequestedV1,
    ModelVersionDemotedV1,
  ],

  load: async ({ pipeline, data }, tx) => {
    const [inForce, present, registration] = await Promise.all([
      findPipelineInForce(tx, pipeline),
      findChampion(tx, pipeline),
      findRegistration(tx, pipeline, data),
    ]);
    if (inForce === undefined) throw pipelineUnknown(pipeline);
    const champion =
      present?.version === undefined ? undefined : await findModelVersion(tx, pipeline, present.version);
    return { inForce, present, champion, ...registration };
  },

  decide({ pipeline, data, id, correlationId }, facts) {
    if (facts.registered) return ignore("RUN_REGISTERED_BEFORE");
    if (facts.evaluated) return ignore("EVALUATION_RECORDED_BEFORE");
    const { inForce, present, champion, now } = facts;
    const { approval } = inForce.spec.promotion;
    const { evaluationId, runId, metrics, primaryMetric, candidate } = data;
    const modelVersion: ModelVersion = { version: facts.newestVersion + 1, evidence: data };
    const { version } = modelVersion;
    const championVersion = champion === undefined ? {} : { championVersion: champion.version };
    const registered = ModelVersionRegisteredV1.create(pipeline, {
      version,
      runId,
      evaluationId,
      model: candidate,
      metrics,
      primaryMetric,
      approval,
    });
    const evaluation = {
      evaluationId,
      runId,
      passed: true,
      evidence: data,
      eventId: id,
      correlationId,
      at: now,
    };
    const row = { version, runId, evaluationId, approval, at: now };
    const base = { evaluation, row };

    if (approval === "manual") {
      const requested = ModelVersionApprovalRequestedV1.create(pipeline, {
        version,
        metrics,
        ...championVersion,
      });
      const reason = "the pipeline asks for the approval of a person";
      return {
        ...base,
        answer: { version, answer: "requested" as const, decidedBy: "policy", reason, eventId: id, at: now },
        move: undefined,
        events: [registered, requested],
      };
    }

    const verdict = decidePromotion(
      {
        primaryMetric,
        metrics,
        holdoutDigest: data.trainingSet.holdout.digest,
        comparedWith: data.champion?.version,
      },
      presentChampion(champion),
      inForce.spec.evaluation.gates,
    );
    if (verdict.promote) {
      const move = moveChampion(present, version, { decidedBy: "policy", reason: verdict.reason });
      return {
        ...base,
        answer: undefined,
        move,
        events: [registered, promoted(pipeline, modelVersion, move)],
      };
    }
    const { reason } = verdict;
    return {
      ...base,
      answer: { version, answer: "withheld" as const, decidedBy: "policy", reason, eventId: id, at: now },
      move: undefined,
      events: [
        registered,
        ModelVersionDemotedV1.create(pipeline, {
          version,
          reason: `not promoted: ${reason}`,
          ...championVersion,
        }),
      ],
    };
  },

  record: ({ evaluation, row, answer, move }, tx, { pipeline }) => {
    insertEvaluation(tx, pipeline, evaluation);
    insertModelVersion(tx, pipeline, row);
    if (answer !== undefined) insertApproval(tx, pipeline, answer);
    if (move !== undefined) insertChampion(tx, pipeline, move, evaluation);
  },
});

function presentChampion(champion: ModelVersion | undefined): PresentChampion | undefined {
  return (
    champion && {
      version: champion.version,
      metrics: champion.evidence.metrics,
      holdoutDigest: champion.evidence.trainingSet.holdout.digest,
    }
  );
}
