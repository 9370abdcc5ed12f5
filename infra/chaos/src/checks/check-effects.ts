import { type ServiceName, services } from "@cascade/contracts";
import { type Evidence, number, type Row, rowsOf, text } from "../evidence/evidence.ts";
import { causedBy, type Emitted, emittedIn, nameOf } from "./emitted.ts";
import { type Check, type Findings, findingsOf } from "./verdict.ts";

const invariant = "I3";

/**
 * What makes two events the same effect, for events that may follow only once. Left out are those that may be said
 * again: a start of each attempt, a suppression with each reason, what serving says of itself, a dead letter.
 */
const identities: Readonly<Record<string, (event: Emitted) => unknown>> = {
  "dataset.ingested": ({ data }) => data.datasetVersion,
  "feature-view.materialized": ({ causationId }) => causationId,
  "feature-view.failed": ({ causationId, data }) => [causationId, data.datasetVersion],
  "training-run.requested": ({ data }) => data.runId,
  "model-version.registered": ({ data }) => data.version,
  "model-version.approval-requested": ({ data }) => data.version,
  "model-version.demoted": ({ causationId, data }) => [causationId, data.version],
  "rollout.started": ({ data }) => data.rolloutId,
  "rollout.advanced": ({ data }) => [data.rolloutId, data.step],
  "rollout.completed": ({ data }) => data.rolloutId,
  "rollout.rolled-back": ({ data }) => data.rolloutId,
  "traffic.assigned": ({ data }) => data.revision,
  "window.closed": ({ data }) => data.windowId,
  "quality-window.closed": ({ data }) => data.windowId,
  "drift.detected": ({ data }) => data.windowId,
  "quality.degraded": ({ data }) => data.windowId,
  "feedback.collected": ({ data }) => data.batchId,
  "alert.raised": ({ data }) => data.alertId,
  "alert.resolved": ({ data }) => data.alertId,
};

/** Reactions that plan a job for each event, and the job: its key is the event's id. */
const jobOf: Readonly<Record<string, string>> = {
  "ingest-on-data-arrived": "ingest-batch",
  "ingest-on-feedback-collected": "ingest-batch",
  "validate-on-dataset-ingested": "validate-dataset",
  "build-on-dataset-validated": "build-training-set",
};

/** How often a job may be claimed; more, kills included, would be a storm of retries. */
const attemptsMax = 15;

/** Every handled event has its effect, and none has it twice. */
export const checkEffects: Check = (evidence) => {
  const findings = findingsOf(invariant);
  const events = checkIdentities(evidence, findings);
  const handled = checkPlans(evidence, findings);
  checkJobs(evidence, findings);
  checkTallies(evidence, findings);
  const counted = { handled, events, jobs: allJobs(evidence).length };
  return { invariant, title: "each handled event has one effect", counted, violations: findings.violations };
};

function checkIdentities(evidence: Evidence, { find }: Findings): number {
  const events = emittedIn(evidence).filter(({ type }) => identities[nameOf(type)] !== undefined);
  const keyOf = (event: Emitted) => {
    const key = identities[nameOf(event.type)]?.(event);
    return `${nameOf(event.type)} ${event.pipeline} ${JSON.stringify(key)}`;
  };
  for (const [key, same] of Map.groupBy(events, keyOf)) {
    if (same.length === 1) continue;
    const ids = same.map(({ eventId, causationId }) => ({ eventId, causationId }));
    find("EFFECT_DOUBLED", `${key} was told ${same.length} times`, ids);
  }
  return events.length;
}

function checkPlans(evidence: Evidence, { find }: Findings): number {
  let handled = 0;
  for (const service of services) {
    const keys = new Set(rowsOf(evidence, service, "jobs").map((job) => `${job.name} ${job.key}`));
    for (const row of rowsOf(evidence, service, "inbox")) {
      if (row.outcome !== "handled") continue;
      handled += 1;
      const eventId = text(row, "event_id");
      const job = jobOf[text(row, "consumer")];
      // Nothing is planned for files whose address cannot be read: that is told at once.
      const isPlanned = job === undefined || keys.has(`${job} ${eventId}`);
      if (!isPlanned && causedBy(evidence, eventId, "dataset.ingestion-failed").length === 0) {
        find("EFFECT_MISSING", `${service} has handled ${eventId} and has no job ${job} for it`, row);
      }
      if (row.consumer === "decide-on-retraining-requested" && !isAnswered(evidence, eventId)) {
        find("EFFECT_MISSING", `the request ${eventId} was handled and never answered`, row);
      }
    }
  }
  return handled;
}

function isAnswered(evidence: Evidence, eventId: string): boolean {
  return rowsOf(evidence, "training", "decisions").some(
    ({ trigger }) => (trigger as { eventId?: string }).eventId === eventId,
  );
}

function checkJobs(evidence: Evidence, { find }: Findings): void {
  for (const { service, row } of allJobs(evidence)) {
    if (number(row, "attempts") > attemptsMax) {
      find("RETRY_STORM", `${service} has tried ${row.name} ${row.attempts} times`, row);
    }
  }
}

function allJobs(evidence: Evidence): { service: ServiceName; row: Row }[] {
  return services.flatMap((service) => rowsOf(evidence, service, "jobs").map((row) => ({ service, row })));
}

/** Counters show a doubled effect that rows with a key cannot. */
function checkTallies(evidence: Evidence, { find }: Findings): void {
  const predictions = rowsOf(evidence, "monitoring", "predictions");
  for (const tally of rowsOf(evidence, "monitoring", "tallies")) {
    const own = predictions.filter(({ pipeline }) => pipeline === tally.pipeline);
    const labelled = own.filter(({ label }) => label !== null);
    if (number(tally, "predictions") !== own.length) {
      const message = `${tally.pipeline} has counted ${tally.predictions} predictions and keeps ${own.length}`;
      find("COUNT_DIFFERS", message, tally);
    }
    // Early labels are joined when their prediction comes, and were counted as early before.
    const joined = number(tally, "labels_joined");
    const early = number(tally, "labels_early");
    if (labelled.length < joined || labelled.length > joined + early) {
      const message = `${tally.pipeline} has joined ${joined} labels, ${early} came early, and keeps ${labelled.length}`;
      find("COUNT_DIFFERS", message, tally);
    }
  }
}
