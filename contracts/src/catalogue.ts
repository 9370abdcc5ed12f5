import type { AnyEventDefinition } from "./event-definition.ts";
import { AlertRaisedV1 } from "./events/alert-raised.v1.ts";
import { AlertResolvedV1 } from "./events/alert-resolved.v1.ts";
import { ApprovalDeclinedV1 } from "./events/approval-declined.v1.ts";
import { ApprovalGivenV1 } from "./events/approval-given.v1.ts";
import { BucketNotifiedV1 } from "./events/bucket-notified.v1.ts";
import { DataArrivedV1 } from "./events/data-arrived.v1.ts";
import { DataArrivedV2 } from "./events/data-arrived.v2.ts";
import { DataDiscoveredV1 } from "./events/data-discovered.v1.ts";
import { DatasetIngestedV1 } from "./events/dataset-ingested.v1.ts";
import { DatasetIngestionFailedV1 } from "./events/dataset-ingestion-failed.v1.ts";
import { DatasetRejectedV1 } from "./events/dataset-rejected.v1.ts";
import { DatasetUnchangedV1 } from "./events/dataset-unchanged.v1.ts";
import { DatasetValidatedV1 } from "./events/dataset-validated.v1.ts";
import { DeadLetterRecordedV1 } from "./events/dead-letter-recorded.v1.ts";
import { DeadLetterRedriveRequestedV1 } from "./events/dead-letter-redrive-requested.v1.ts";
import { DeadLetterRedrivenV1 } from "./events/dead-letter-redriven.v1.ts";
import { DriftDetectedV1 } from "./events/drift-detected.v1.ts";
import { EvaluationFailedV1 } from "./events/evaluation-failed.v1.ts";
import { EvaluationPassedV1 } from "./events/evaluation-passed.v1.ts";
import { FeatureViewChangedV1 } from "./events/feature-view-changed.v1.ts";
import { FeatureViewFailedV1 } from "./events/feature-view-failed.v1.ts";
import { FeatureViewFreshnessMeasuredV1 } from "./events/feature-view-freshness-measured.v1.ts";
import { FeatureViewMaterializedV1 } from "./events/feature-view-materialized.v1.ts";
import { FeatureViewOutdatedV1 } from "./events/feature-view-outdated.v1.ts";
import { FeedbackCollectedV1 } from "./events/feedback-collected.v1.ts";
import { LabelsArrivedV1 } from "./events/labels-arrived.v1.ts";
import { ModelVersionApprovalRequestedV1 } from "./events/model-version-approval-requested.v1.ts";
import { ModelVersionDemotedV1 } from "./events/model-version-demoted.v1.ts";
import { ModelVersionPromotedV1 } from "./events/model-version-promoted.v1.ts";
import { ModelVersionRegisteredV1 } from "./events/model-version-registered.v1.ts";
import { PipelineAppliedV1 } from "./events/pipeline-applied.v1.ts";
import { PipelineRefusedV1 } from "./events/pipeline-refused.v1.ts";
import { PipelineSubmittedV1 } from "./events/pipeline-submitted.v1.ts";
import { PredictionsLoggedV1 } from "./events/predictions-logged.v1.ts";
import { QualityDegradedV1 } from "./events/quality-degraded.v1.ts";
import { QualityWindowClosedV1 } from "./events/quality-window-closed.v1.ts";
import { RebuildCompletedV1 } from "./events/rebuild-completed.v1.ts";
import { RebuildRequestedV1 } from "./events/rebuild-requested.v1.ts";
import { ReplicaFailedV1 } from "./events/replica-failed.v1.ts";
import { ReplicaReadyV1 } from "./events/replica-ready.v1.ts";
import { RetrainingRequestedV1 } from "./events/retraining-requested.v1.ts";
import { RollbackRequestedV1 } from "./events/rollback-requested.v1.ts";
import { RolloutAdvancedV1 } from "./events/rollout-advanced.v1.ts";
import { RolloutCompletedV1 } from "./events/rollout-completed.v1.ts";
import { RolloutRolledBackV1 } from "./events/rollout-rolled-back.v1.ts";
import { RolloutStartedV1 } from "./events/rollout-started.v1.ts";
import { ScheduleFiredV1 } from "./events/schedule-fired.v1.ts";
import { ServingWindowReportedV1 } from "./events/serving-window-reported.v1.ts";
import { TrafficAssignedV1 } from "./events/traffic-assigned.v1.ts";
import { TrainerCodeChangedV1 } from "./events/trainer-code-changed.v1.ts";
import { TrainingRunCancellationRefusedV1 } from "./events/training-run-cancellation-refused.v1.ts";
import { TrainingRunCancellationRequestedV1 } from "./events/training-run-cancellation-requested.v1.ts";
import { TrainingRunCancelledV1 } from "./events/training-run-cancelled.v1.ts";
import { TrainingRunCompletedV1 } from "./events/training-run-completed.v1.ts";
import { TrainingRunFailedV1 } from "./events/training-run-failed.v1.ts";
import { TrainingRunReproducedV1 } from "./events/training-run-reproduced.v1.ts";
import { TrainingRunReproductionFailedV1 } from "./events/training-run-reproduction-failed.v1.ts";
import { TrainingRunReproductionRequestedV1 } from "./events/training-run-reproduction-requested.v1.ts";
import { TrainingRunRequestedV1 } from "./events/training-run-requested.v1.ts";
import { TrainingRunStartedV1 } from "./events/training-run-started.v1.ts";
import { TrainingRunSuppressedV1 } from "./events/training-run-suppressed.v1.ts";
import { WindowClosedV1 } from "./events/window-closed.v1.ts";

/** Every event definition in every supported version, grouped by owner. */
export const eventDefinitions: readonly AnyEventDefinition[] = [
  DataArrivedV1,
  DataArrivedV2,
  BucketNotifiedV1,
  LabelsArrivedV1,
  PipelineSubmittedV1,
  RetrainingRequestedV1,
  TrainingRunCancellationRequestedV1,
  TrainingRunReproductionRequestedV1,
  ApprovalGivenV1,
  ApprovalDeclinedV1,
  RollbackRequestedV1,
  DeadLetterRedriveRequestedV1,
  RebuildRequestedV1,
  DeadLetterRecordedV1,
  DeadLetterRedrivenV1,
  RebuildCompletedV1,
  DataDiscoveredV1,
  DatasetIngestedV1,
  DatasetIngestionFailedV1,
  DatasetUnchangedV1,
  DatasetValidatedV1,
  DatasetRejectedV1,
  FeatureViewMaterializedV1,
  FeatureViewFailedV1,
  FeatureViewChangedV1,
  FeatureViewFreshnessMeasuredV1,
  FeatureViewOutdatedV1,
  ScheduleFiredV1,
  TrainerCodeChangedV1,
  TrainingRunRequestedV1,
  TrainingRunSuppressedV1,
  TrainingRunStartedV1,
  TrainingRunCompletedV1,
  TrainingRunFailedV1,
  TrainingRunCancelledV1,
  TrainingRunCancellationRefusedV1,
  TrainingRunReproducedV1,
  TrainingRunReproductionFailedV1,
  EvaluationPassedV1,
  EvaluationFailedV1,
  PipelineAppliedV1,
  PipelineRefusedV1,
  ModelVersionRegisteredV1,
  ModelVersionApprovalRequestedV1,
  ModelVersionPromotedV1,
  ModelVersionDemotedV1,
  RolloutStartedV1,
  RolloutAdvancedV1,
  RolloutCompletedV1,
  RolloutRolledBackV1,
  TrafficAssignedV1,
  ReplicaReadyV1,
  ReplicaFailedV1,
  PredictionsLoggedV1,
  ServingWindowReportedV1,
  WindowClosedV1,
  QualityWindowClosedV1,
  DriftDetectedV1,
  QualityDegradedV1,
  FeedbackCollectedV1,
  AlertRaisedV1,
  AlertResolvedV1,
];

const byType = new Map(eventDefinitions.map((definition) => [definition.type, definition]));

/** The definition of an event type such as `cascade.dataset.ingested.v1`, where this build knows it. */
export function definitionOfType(type: string): AnyEventDefinition | undefined {
  return byType.get(type);
}
