import {
  AlertRaisedV1,
  AlertResolvedV1,
  ApprovalDeclinedV1,
  ApprovalGivenV1,
  BucketNotifiedV1,
  DataArrivedV1,
  DataArrivedV2,
  DataDiscoveredV1,
  DatasetIngestedV1,
  DatasetIngestionFailedV1,
  DatasetRejectedV1,
  DatasetUnchangedV1,
  DatasetValidatedV1,
  DeadLetterRecordedV1,
  DriftDetectedV1,
  type Envelope,
  EvaluationFailedV1,
  EvaluationPassedV1,
  type EventDefinition,
  FeatureViewChangedV1,
  FeatureViewFailedV1,
  FeatureViewFreshnessMeasuredV1,
  FeatureViewMaterializedV1,
  FeatureViewOutdatedV1,
  FeedbackCollectedV1,
  LabelsArrivedV1,
  ModelVersionDemotedV1,
  ModelVersionPromotedV1,
  ModelVersionRegisteredV1,
  PipelineAppliedV1,
  PipelineRefusedV1,
  PipelineSubmittedV1,
  type Problem,
  QualityDegradedV1,
  QualityWindowClosedV1,
  ReplicaFailedV1,
  ReplicaReadyV1,
  RetrainingRequestedV1,
  RollbackRequestedV1,
  RolloutAdvancedV1,
  RolloutCompletedV1,
  RolloutRolledBackV1,
  RolloutStartedV1,
  ScheduleFiredV1,
  type SearchOutcome,
  TrafficAssignedV1,
  TrainerCodeChangedV1,
  TrainingRunCancellationRefusedV1,
  TrainingRunCancellationRequestedV1,
  TrainingRunCancelledV1,
  TrainingRunCompletedV1,
  TrainingRunFailedV1,
  TrainingRunReproducedV1,
  TrainingRunReproductionFailedV1,
  TrainingRunReproductionRequestedV1,
  TrainingRunRequestedV1,
  TrainingRunStartedV1,
  TrainingRunSuppressedV1,
  WindowClosedV1,
} from "@cascade/contracts";
import { formatAge, formatCount, formatDuration, formatMetrics, formatScore, shorten } from "./format.ts";

export interface Description {
  readonly text: string;
  /** How the line is marked: a step forward, an end without effect, or a failure. */
  readonly tone: "plain" | "good" | "quiet" | "bad";
  /** Further lines: what to do, or each problem of several. */
  readonly details?: readonly string[];
}

type Describe<Data> = (data: Data, pipeline: string) => Description | string;

const describers = new Map<string, (data: unknown, pipeline: string) => Description>();

function describe<Data>(definition: EventDefinition<Data>, write: Describe<Data>): void {
  describers.set(definition.type, (data, pipeline) => {
    const parsed = definition.schema.safeParse(data);
    if (!parsed.success) return { text: "(data that break the contract)", tone: "bad" };
    const description = write(parsed.data, pipeline);
    return typeof description === "string" ? { text: description, tone: "plain" } : description;
  });
}

function trialsText({ best = 0, trials, endedBy }: SearchOutcome): string {
  const { completed, stopped, failed } = trials;
  const of = [`${completed + stopped + failed}`, ...(stopped > 0 ? [`${stopped} stopped`] : [])];
  const all = [...of, ...(failed > 0 ? [`${failed} failed`] : [])].join(", ");
  return `trial ${best + 1} was the best of ${all}${endedBy === "time" ? ", as time was over" : ""}`;
}

const problem = ({
  code,
  message,
  whatToDo,
}: {
  code: string;
  message: string;
  whatToDo: string;
}): Description => ({
  text: `${code}: ${message}`,
  tone: "bad",
  details: [`→ ${whatToDo}`],
});

describe(DataArrivedV1, ({ uri }) => uri);
describe(DataArrivedV2, ({ files, batch }) => `${batch ?? files[0]?.uri ?? ""} (${files.length} file(s))`);
describe(BucketNotifiedV1, ({ Records = [] }) =>
  Records.map(({ eventName, s3 }) => `${eventName} ${s3.bucket.name}/${s3.object.key}`).join(", "),
);
describe(DataDiscoveredV1, ({ uri }) => uri);
describe(LabelsArrivedV1, ({ labels }) => `${formatCount(labels.length)} labels`);
describe(PipelineSubmittedV1, ({ by, fileName }) => `${fileName ?? "a pipeline"} by ${by}`);
describe(RetrainingRequestedV1, ({ by, reason }) => `by ${by}: ${reason}`);
describe(RollbackRequestedV1, ({ by, reason }) => `by ${by}: ${reason}`);
describe(ApprovalGivenV1, ({ version, by, reason }) => `version ${version} by ${by}: ${reason}`);
describe(ApprovalDeclinedV1, ({ version, by, reason }) => `version ${version} by ${by}: ${reason}`);
describe(
  DatasetIngestedV1,
  ({ rowCount, columns }) => `${formatCount(rowCount)} rows, ${columns.length} columns`,
);
describe(DatasetUnchangedV1, ({ files }) => ({
  text: `${files[0]?.uri ?? ""} has the rows of a batch before: nothing follows`,
  tone: "quiet",
}));
describe(DatasetIngestionFailedV1, (data) => problem(data.problem));
describe(DatasetValidatedV1, ({ rowCount, quarantined, warnings }) => ({
  text: `${formatCount(rowCount)} rows accepted${quarantined === undefined ? "" : `, ${formatCount(quarantined.rowCount)} in quarantine`}`,
  tone: "good",
  details:
    quarantined === undefined
      ? warnings
      : [...warnings, "→ Which rows, and why: cascade quarantine list, then cascade quarantine export ID."],
}));
describe(DatasetRejectedV1, ({ violations, whatToDo, report }, pipeline) => ({
  text: `${violations.length} violation(s)`,
  tone: "bad",
  details: [
    ...violations.slice(0, 5).map(({ expectation, message }) => `${expectation}: ${message}`),
    `→ ${whatToDo}`,
    ...(report === undefined ? [] : [`→ All of it, column by column: cascade report ${pipeline}`]),
  ],
}));
describe(
  FeatureViewMaterializedV1,
  ({ newRows, totalRows, trainingSet, replacedRows = 0 }) =>
    `${trainingSet.features.length} features, ${formatCount(newRows)} new of ${formatCount(totalRows)} rows${replacedRows === 0 ? "" : `, ${formatCount(replacedRows)} replaced by newer ones of the same key`}`,
);
describe(FeatureViewFailedV1, (data) => problem(data.problem));
describe(
  FeatureViewChangedV1,
  ({ owner, view, pipelines }) => `${view} of ${owner} touches ${pipelines.join(", ")}`,
);
describe(FeatureViewFreshnessMeasuredV1, ({ view, ageSeconds }) => `${view} is ${formatAge(ageSeconds)} old`);
describe(FeatureViewOutdatedV1, ({ view, ageSeconds, limitSeconds }) => ({
  text: `${view} is ${formatAge(ageSeconds)} old, and may be ${formatAge(limitSeconds)}`,
  tone: "bad",
}));
describe(TrainingRunRequestedV1, ({ trigger, queue }) => {
  const waits =
    queue === undefined ? "" : `; queued behind ${queue.ahead}, as ${queue.runsMax} run(s) are under way`;
  return `${trigger.kind}: ${trigger.reason}${waits}`;
});
describe(ScheduleFiredV1, ({ cron, timeZone, dueAt, missed }) => {
  const also = missed === 0 ? "" : `, and ${missed} time(s) before that passed while nothing ran`;
  return `"${cron}" (${timeZone}) due at ${dueAt}${also}`;
});
describe(TrainerCodeChangedV1, ({ trainer }) => `the program of "${trainer}"`);
describe(TrainingRunSuppressedV1, ({ reason, message }) => ({
  text: `${reason}: ${message}`,
  tone: "quiet",
}));
describe(
  TrainingRunStartedV1,
  ({ trainer, rowCounts }) => `${trainer} on ${formatCount(rowCounts.train)} rows`,
);
describe(TrainingRunCompletedV1, ({ metrics, durationMs, search }) => ({
  text: `${formatMetrics(metrics)} in ${formatDuration(durationMs)}${search === undefined ? "" : `, ${trialsText(search)}`}`,
  tone: "good",
}));
describe(TrainingRunFailedV1, (data) => ({
  ...problem(data.problem),
  details: [
    ...data.logTail
      .trim()
      .split("\n")
      .slice(-3)
      .filter((line) => line !== "" && !repeats(line, data.problem)),
    `→ ${data.problem.whatToDo}`,
  ],
}));
describe(TrainingRunCancellationRequestedV1, ({ runId, by, reason }) => `${runId} by ${by}: ${reason}`);
describe(TrainingRunReproductionRequestedV1, ({ runId, by }) => `${runId} by ${by}`);
describe(TrainingRunReproducedV1, ({ metrics }) => ({
  text: `the same model, ${formatMetrics(metrics)}`,
  tone: "good",
}));
describe(TrainingRunReproductionFailedV1, (data) => problem(data.problem));
describe(TrainingRunCancellationRefusedV1, (data) => problem(data.problem));
describe(TrainingRunCancelledV1, ({ by, reason, started }) => ({
  text: `by ${by}${started ? "" : " before it started"}: ${reason}`,
  tone: "bad",
}));
describe(EvaluationPassedV1, ({ metrics, primaryMetric, champion }) => {
  const own = metrics[primaryMetric];
  const other = champion?.metrics[primaryMetric];
  const against = other === undefined ? "" : `, champion ${formatScore(other)} on the same holdout`;
  return { text: `${primaryMetric} ${own === undefined ? "?" : formatScore(own)}${against}`, tone: "good" };
});
describe(EvaluationFailedV1, ({ gates, whatToDo }) => ({
  text: gates
    .filter(({ passed }) => !passed)
    .map(({ gate, detail }) => `${gate}: ${detail}`)
    .join("; "),
  tone: "bad",
  details: [`→ ${whatToDo}`],
}));
describe(
  PipelineAppliedV1,
  ({ version, modelChanged }) => `version ${version}${modelChanged ? ", the model changes" : ""}`,
);
describe(PipelineRefusedV1, ({ problems, fileName }) => ({
  text: `${problems.length} mistake(s)`,
  tone: "bad",
  details: problems.map(
    ({ line, column, path, message }) => `${fileName ?? "pipeline"}:${line}:${column} ${path} ${message}`,
  ),
}));
describe(ModelVersionRegisteredV1, ({ version, metrics }) => `version ${version}, ${formatMetrics(metrics)}`);
describe(ModelVersionPromotedV1, ({ version, previousVersion, decidedBy }) => ({
  text: `version ${version} is champion${previousVersion === undefined ? "" : `, after version ${previousVersion}`} (${decidedBy})`,
  tone: "good",
}));
describe(ModelVersionDemotedV1, ({ version, reason }) => ({
  text: `version ${version}: ${reason}`,
  tone: "bad",
}));
describe(RolloutStartedV1, ({ version, strategy }) => `version ${version}, ${strategy}`);
describe(
  RolloutAdvancedV1,
  ({ version, weightPercent, analysis }) =>
    `version ${version} takes ${weightPercent} %: ${analysis.verdict} on ${formatCount(analysis.requests)} requests`,
);
describe(RolloutCompletedV1, ({ version, replicas, durationMs }) => ({
  text: `version ${version} serves on ${replicas.join(", ")} after ${formatDuration(durationMs)}`,
  tone: "good",
}));
describe(RolloutRolledBackV1, ({ version, reason }) => ({
  text: `version ${version}: ${reason}`,
  tone: "bad",
}));
describe(TrafficAssignedV1, ({ versions }) =>
  versions.map(({ version, weightPercent }) => `version ${version}: ${weightPercent} %`).join(", "),
);
describe(ReplicaReadyV1, ({ replica, versions }) => `${replica} has version ${versions.join(", ")}`);
describe(ReplicaFailedV1, (data) => problem(data.problem));
describe(WindowClosedV1, ({ predictions, columns, drifted }) => {
  const worst = columns.toSorted((a, b) => b.score - a.score)[0];
  const score =
    worst === undefined ? "" : `, highest ${worst.test} ${worst.column} ${formatScore(worst.score)}`;
  return { text: `${formatCount(predictions)} predictions${score}`, tone: drifted ? "plain" : "quiet" };
});
describe(
  QualityWindowClosedV1,
  ({ labels, metrics }) => `${formatMetrics(metrics)} on ${formatCount(labels)} labels`,
);
describe(DriftDetectedV1, ({ columns }) => ({
  text: columns
    .filter(({ drifted }) => drifted)
    .map(({ column, test, score, threshold }) => `${column} ${test} ${formatScore(score)} above ${threshold}`)
    .join(", "),
  tone: "bad",
}));
describe(QualityDegradedV1, ({ metric, expected, measured }) => ({
  text: `${metric} ${formatScore(measured)}, expected ${formatScore(expected)}`,
  tone: "bad",
}));
describe(FeedbackCollectedV1, ({ rowCount }) => `${formatCount(rowCount)} labelled predictions`);
describe(AlertRaisedV1, ({ severity, message }) => ({ text: `${severity}: ${message}`, tone: "bad" }));
describe(AlertResolvedV1, ({ message }) => ({ text: message, tone: "good" }));
describe(DeadLetterRecordedV1, ({ deadLetterId, handler, error, attempts }) => ({
  text: `${handler}: ${shorten(error.message, 160)} (${attempts} attempt(s))`,
  tone: "bad",
  details: [`→ cascade dead-letters show ${deadLetterId}`],
}));

/** What an event says, in a few words. Types without a description of their own show their data. */
export function describeEvent({ type, subject }: Envelope, data: unknown): Description {
  return (
    describers.get(type)?.(data, subject) ?? { text: shorten(JSON.stringify(data) ?? "", 120), tone: "plain" }
  );
}

/** Whether the problem itself says what this line of the log says. A built-in trainer's last line is its problem. */
function repeats(line: string, { code, message }: Problem): boolean {
  return message.includes(line.trim()) || line.startsWith(`{"code":"${code}"`);
}
