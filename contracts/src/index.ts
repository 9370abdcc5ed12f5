export { ArtifactRef, mediaTypes } from "./artifact-ref.ts";
export { definitionOfType, eventDefinitions } from "./catalogue.ts";
export { Envelope } from "./envelope.ts";
export {
  type AnyEventDefinition,
  type DataOf,
  defineEvent,
  defineNextVersion,
  type EventDefinition,
  type NewEvent,
} from "./event-definition.ts";
export { AlertRaisedV1 } from "./events/alert-raised.v1.ts";
export { AlertResolvedV1 } from "./events/alert-resolved.v1.ts";
export { ApprovalDeclinedV1 } from "./events/approval-declined.v1.ts";
export { ApprovalGivenV1 } from "./events/approval-given.v1.ts";
export { anyPipeline, BucketNotifiedV1 } from "./events/bucket-notified.v1.ts";
export { DataArrivedV1 } from "./events/data-arrived.v1.ts";
export { DataArrivedV2 } from "./events/data-arrived.v2.ts";
export { DataDiscoveredV1 } from "./events/data-discovered.v1.ts";
export { DatasetIngestedV1 } from "./events/dataset-ingested.v1.ts";
export { DatasetIngestionFailedV1 } from "./events/dataset-ingestion-failed.v1.ts";
export { DatasetRejectedV1 } from "./events/dataset-rejected.v1.ts";
export { DatasetUnchangedV1 } from "./events/dataset-unchanged.v1.ts";
export { DatasetValidatedV1 } from "./events/dataset-validated.v1.ts";
export {
  type DeadLetterReason,
  DeadLetterRecordedV1,
  deadLetterReasons,
} from "./events/dead-letter-recorded.v1.ts";
export { DeadLetterRedriveRequestedV1 } from "./events/dead-letter-redrive-requested.v1.ts";
export { DeadLetterRedrivenV1 } from "./events/dead-letter-redriven.v1.ts";
export { DriftDetectedV1 } from "./events/drift-detected.v1.ts";
export { EvaluationFailedV1 } from "./events/evaluation-failed.v1.ts";
export { EvaluationPassedV1 } from "./events/evaluation-passed.v1.ts";
export { FeatureViewChangedV1 } from "./events/feature-view-changed.v1.ts";
export { FeatureViewFailedV1 } from "./events/feature-view-failed.v1.ts";
export { FeatureViewFreshnessMeasuredV1 } from "./events/feature-view-freshness-measured.v1.ts";
export { FeatureViewMaterializedV1 } from "./events/feature-view-materialized.v1.ts";
export { FeatureViewOutdatedV1 } from "./events/feature-view-outdated.v1.ts";
export { FeedbackCollectedV1 } from "./events/feedback-collected.v1.ts";
export { LabelsArrivedV1 } from "./events/labels-arrived.v1.ts";
export { ModelVersionApprovalRequestedV1 } from "./events/model-version-approval-requested.v1.ts";
export { ModelVersionDemotedV1 } from "./events/model-version-demoted.v1.ts";
export { ModelVersionPromotedV1 } from "./events/model-version-promoted.v1.ts";
export { ModelVersionRegisteredV1 } from "./events/model-version-registered.v1.ts";
export { PipelineAppliedV1 } from "./events/pipeline-applied.v1.ts";
export { PipelineRefusedV1 } from "./events/pipeline-refused.v1.ts";
export { PipelineSubmittedV1 } from "./events/pipeline-submitted.v1.ts";
export { PredictionsLoggedV1 } from "./events/predictions-logged.v1.ts";
export { QualityDegradedV1 } from "./events/quality-degraded.v1.ts";
export { QualityWindowClosedV1 } from "./events/quality-window-closed.v1.ts";
export { RebuildCompletedV1 } from "./events/rebuild-completed.v1.ts";
export { RebuildRequestedV1 } from "./events/rebuild-requested.v1.ts";
export { ReplicaFailedV1 } from "./events/replica-failed.v1.ts";
export { ReplicaReadyV1 } from "./events/replica-ready.v1.ts";
export { RetrainingRequestedV1 } from "./events/retraining-requested.v1.ts";
export { RollbackRequestedV1 } from "./events/rollback-requested.v1.ts";
export { RolloutAdvancedV1 } from "./events/rollout-advanced.v1.ts";
export { RolloutCompletedV1 } from "./events/rollout-completed.v1.ts";
export { RolloutRolledBackV1 } from "./events/rollout-rolled-back.v1.ts";
export { RolloutStartedV1 } from "./events/rollout-started.v1.ts";
export { ScheduleFiredV1 } from "./events/schedule-fired.v1.ts";
export { ServingWindowReportedV1 } from "./events/serving-window-reported.v1.ts";
export { TrafficAssignedV1 } from "./events/traffic-assigned.v1.ts";
export { TrainerCodeChangedV1 } from "./events/trainer-code-changed.v1.ts";
export { TrainingRunCancellationRefusedV1 } from "./events/training-run-cancellation-refused.v1.ts";
export { TrainingRunCancellationRequestedV1 } from "./events/training-run-cancellation-requested.v1.ts";
export { TrainingRunCancelledV1 } from "./events/training-run-cancelled.v1.ts";
export { TrainingRunCompletedV1 } from "./events/training-run-completed.v1.ts";
export { TrainingRunFailedV1 } from "./events/training-run-failed.v1.ts";
export { TrainingRunReproducedV1 } from "./events/training-run-reproduced.v1.ts";
export { TrainingRunReproductionFailedV1 } from "./events/training-run-reproduction-failed.v1.ts";
export { TrainingRunReproductionRequestedV1 } from "./events/training-run-reproduction-requested.v1.ts";
export { TrainingRunRequestedV1 } from "./events/training-run-requested.v1.ts";
export { TrainingRunStartedV1 } from "./events/training-run-started.v1.ts";
export { TrainingRunSuppressedV1 } from "./events/training-run-suppressed.v1.ts";
export { WindowClosedV1 } from "./events/window-closed.v1.ts";
export {
  entityText,
  OnlineRow,
  OnlineView,
  onlineRowBytesMax,
  onlineRowSubject,
  onlineRowsStream,
  onlineViewSubject,
} from "./online-rows.ts";
export {
  accountOfParty,
  defaultParties,
  incomingDefinitions,
  OutsideParty,
  outgoingDefinitions,
  outgoingDurableOf,
  outgoingStream,
} from "./outside.ts";
export { type BrokerAccount, brokerAccounts, systemAccount } from "./permissions/broker-accounts.ts";
export { inboxPrefixOf, outsideDomain } from "./permissions/broker-subjects.ts";
export type { BrokerUser } from "./permissions/broker-users.ts";
export { Column, ColumnType, FeatureKind } from "./pipeline/columns.ts";
export { DataFormat } from "./pipeline/data.ts";
export { durationMs } from "./pipeline/duration.ts";
export { examplePipeline } from "./pipeline/example.ts";
export type { AggregateSpec, FeaturesSection, JoinSpec } from "./pipeline/feature-view.ts";
export { goalOf, improvementOf, MetricName } from "./pipeline/metrics.ts";
export { GateSpec } from "./pipeline/model.ts";
export { RolloutStep } from "./pipeline/operation.ts";
export { pastDigest } from "./pipeline/past-digest.ts";
export { AppliedSpec, PipelineSpec } from "./pipeline/pipeline-spec.ts";
export {
  type SearchedParameter,
  SearchSection,
  searchAim,
} from "./pipeline/search.ts";
export type { DataSource } from "./pipeline/sources.ts";
export { featureNames } from "./pipeline/view-contradictions.ts";
export { isPipelineName, PipelineName } from "./pipeline-name.ts";
export {
  durableOf,
  durablesOf,
  reactionsOf,
  rebuildReactionName,
  redriveReactionName,
  runtimeReactions,
  watchesOf,
} from "./reactions.ts";
export { type Owner, type ServiceName, services } from "./services.ts";
export {
  Feature,
  GateResult,
  Lookup,
  Metrics,
  Problem,
  SearchOutcome,
  ServableModel,
  Task,
  TrainingSet,
  Trigger,
} from "./shapes.ts";
export { maxEventBytes, type StreamDefinition, streamsFor } from "./streams.ts";
export { filterSubjectOf, schemaUriOf, streamOf, streamOfOwner, subjectOf } from "./subjects.ts";
