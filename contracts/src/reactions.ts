import type { AnyEventDefinition } from "./event-definition.ts";
import { ApprovalDeclinedV1 } from "./events/approval-declined.v1.ts";
import { ApprovalGivenV1 } from "./events/approval-given.v1.ts";
import { BucketNotifiedV1 } from "./events/bucket-notified.v1.ts";
import { DataArrivedV2 } from "./events/data-arrived.v2.ts";
import { DatasetIngestedV1 } from "./events/dataset-ingested.v1.ts";
import { DatasetRejectedV1 } from "./events/dataset-rejected.v1.ts";
import { DatasetValidatedV1 } from "./events/dataset-validated.v1.ts";
import { DeadLetterRedriveRequestedV1 } from "./events/dead-letter-redrive-requested.v1.ts";
import { DriftDetectedV1 } from "./events/drift-detected.v1.ts";
import { EvaluationFailedV1 } from "./events/evaluation-failed.v1.ts";
import { EvaluationPassedV1 } from "./events/evaluation-passed.v1.ts";
import { FeatureViewMaterializedV1 } from "./events/feature-view-materialized.v1.ts";
import { FeedbackCollectedV1 } from "./events/feedback-collected.v1.ts";
import { LabelsArrivedV1 } from "./events/labels-arrived.v1.ts";
import { ModelVersionPromotedV1 } from "./events/model-version-promoted.v1.ts";
import { PipelineAppliedV1 } from "./events/pipeline-applied.v1.ts";
import { PipelineSubmittedV1 } from "./events/pipeline-submitted.v1.ts";
import { PredictionsLoggedV1 } from "./events/predictions-logged.v1.ts";
import { QualityDegradedV1 } from "./events/quality-degraded.v1.ts";
import { QualityWindowClosedV1 } from "./events/quality-window-closed.v1.ts";
import { RebuildRequestedV1 } from "./events/rebuild-requested.v1.ts";
import { ReplicaFailedV1 } from "./events/replica-failed.v1.ts";
import { ReplicaReadyV1 } from "./events/replica-ready.v1.ts";
import { RetrainingRequestedV1 } from "./events/retraining-requested.v1.ts";
import { RollbackRequestedV1 } from "./events/rollback-requested.v1.ts";
import { RolloutCompletedV1 } from "./events/rollout-completed.v1.ts";
import { RolloutRolledBackV1 } from "./events/rollout-rolled-back.v1.ts";
import { ServingWindowReportedV1 } from "./events/serving-window-reported.v1.ts";
import { TrafficAssignedV1 } from "./events/traffic-assigned.v1.ts";
import { TrainingRunCancellationRequestedV1 } from "./events/training-run-cancellation-requested.v1.ts";
import { TrainingRunCompletedV1 } from "./events/training-run-completed.v1.ts";
import { TrainingRunReproductionRequestedV1 } from "./events/training-run-reproduction-requested.v1.ts";
import type { ServiceName } from "./services.ts";
import { filterSubjectOf, streamOf } from "./subjects.ts";

type Reactions = Readonly<Record<string, AnyEventDefinition>>;

export const redriveReactionName = "redrive-on-dead-letter-redrive-requested";
export const rebuildReactionName = "rebuild-on-rebuild-requested";

/** The reactions that the runtime adds to every service. */
export const runtimeReactions: Reactions = {
  [redriveReactionName]: DeadLetterRedriveRequestedV1,
  [rebuildReactionName]: RebuildRequestedV1,
};

/**
 * The reactions of each service by name, with the event each is on. A reaction's name is part of the name of its
 * durable consumer, and the broker lets a service touch exactly its own: a reaction that is not listed here may
 * not consume. A test compares the list with the services.
 */
export const reactionsOf: Readonly<Record<ServiceName, Reactions>> = {
  ingestion: {
    "ingest-on-data-arrived": DataArrivedV2,
    "ingest-on-bucket-notified": BucketNotifiedV1,
    "ingest-on-feedback-collected": FeedbackCollectedV1,
    "keep-pipeline-on-pipeline-applied": PipelineAppliedV1,
    "forget-version-on-dataset-rejected": DatasetRejectedV1,
  },
  validation: {
    "validate-on-dataset-ingested": DatasetIngestedV1,
    "keep-demands-on-pipeline-applied": PipelineAppliedV1,
  },
  features: {
    "keep-view-on-pipeline-applied": PipelineAppliedV1,
    "build-on-dataset-validated": DatasetValidatedV1,
  },
  training: {
    "decide-on-pipeline-applied": PipelineAppliedV1,
    "decide-on-feature-view-materialized": FeatureViewMaterializedV1,
    "decide-on-drift-detected": DriftDetectedV1,
    "decide-on-quality-degraded": QualityDegradedV1,
    "decide-on-retraining-requested": RetrainingRequestedV1,
    "cancel-on-training-run-cancellation-requested": TrainingRunCancellationRequestedV1,
    "reproduce-on-training-run-reproduction-requested": TrainingRunReproductionRequestedV1,
  },
  evaluation: {
    "keep-policy-on-pipeline-applied": PipelineAppliedV1,
    "keep-champion-on-model-version-promoted": ModelVersionPromotedV1,
    "plan-evaluation-on-training-run-completed": TrainingRunCompletedV1,
  },
  registry: {
    "apply-on-pipeline-submitted": PipelineSubmittedV1,
    "register-on-evaluation-passed": EvaluationPassedV1,
    "record-on-evaluation-failed": EvaluationFailedV1,
    "promote-on-approval-given": ApprovalGivenV1,
    "demote-on-approval-declined": ApprovalDeclinedV1,
    "demote-on-rollout-rolled-back": RolloutRolledBackV1,
  },
  deployment: {
    "keep-on-pipeline-applied": PipelineAppliedV1,
    "roll-out-on-model-version-promoted": ModelVersionPromotedV1,
    "proceed-on-replica-ready": ReplicaReadyV1,
    "roll-back-on-replica-failed": ReplicaFailedV1,
    "judge-on-serving-window-reported": ServingWindowReportedV1,
    "judge-on-quality-window-closed": QualityWindowClosedV1,
    "roll-back-on-rollback-requested": RollbackRequestedV1,
  },
  serving: {},
  monitoring: {
    "keep-policy-on-pipeline-applied": PipelineAppliedV1,
    "watch-on-model-version-promoted": ModelVersionPromotedV1,
    "begin-windows-on-rollout-completed": RolloutCompletedV1,
    "watch-on-predictions-logged": PredictionsLoggedV1,
    "join-on-labels-arrived": LabelsArrivedV1,
  },
};

/** Events that a service reads as desired state, each replica for itself, instead of by a reaction. */
export const watchesOf: Readonly<Partial<Record<ServiceName, readonly AnyEventDefinition[]>>> = {
  serving: [TrafficAssignedV1],
};

/** A durable consumer: where it stands, and what it lets through. */
export interface Durable {
  readonly name: string;
  readonly stream: string;
  readonly filterSubject: string;
}

/** The durable of a reaction. Renaming it redelivers history. */
export function durableOf(service: ServiceName, reaction: string, on: AnyEventDefinition): Durable {
  return { name: `${service}_${reaction}`, stream: streamOf(on), filterSubject: filterSubjectOf(on) };
}

/** Every durable of a service, those of the runtime included. */
export function durablesOf(service: ServiceName): readonly Durable[] {
  const all: Reactions = { ...reactionsOf[service], ...runtimeReactions };
  return Object.entries(all).map(([name, on]) => durableOf(service, name, on));
}
