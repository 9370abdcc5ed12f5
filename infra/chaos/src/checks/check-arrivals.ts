import { type Evidence, rowsOf, text } from "../evidence/evidence.ts";
import type { Operation } from "../journal/read-journal.ts";
import { causedBy, emittedIn, nameOf } from "./emitted.ts";
import { type Check, type Findings, findingsOf } from "./verdict.ts";

const invariant = "I1";

/** What must follow from each kind of event, exactly once: one of these, caused by it. */
const answers: Readonly<Record<string, readonly string[]>> = {
  "data.arrived": ["dataset.ingested", "dataset.unchanged", "dataset.ingestion-failed"],
  "dataset.ingested": ["dataset.validated", "dataset.rejected"],
  "pipeline.submitted": ["pipeline.applied", "pipeline.refused"],
};

const typeOfKind = { arrive: "data.arrived", submit: "pipeline.submitted" } as const;

/**
 * Whatever was confirmed to its sender has its effect exactly once, what nobody confirmed at most once, all the way
 * to one end of every training run and one verdict on every candidate.
 */
export const checkArrivals: Check = (evidence) => {
  const findings = findingsOf(invariant);
  const stored = new Set(evidence.messages.map(({ id }) => id));
  const counted = { confirmed: 0, unconfirmed: 0, lost: 0, doubled: 0, runs: 0, datasetVersions: 0 };

  for (const operations of byEvent(evidence.journal).values()) {
    const [first] = operations;
    if (first === undefined) continue;
    const eventId = first.eventId ?? "";
    const isConfirmed = operations.some(({ outcome }) => outcome === "ok");
    counted[isConfirmed ? "confirmed" : "unconfirmed"] += 1;
    if (!stored.has(eventId)) {
      if (!isConfirmed) continue;
      counted.lost += 1;
      findings.find("ARRIVAL_LOST", `${first.kind} ${eventId} was confirmed and is in no stream`, operations);
      continue;
    }
    if (first.kind !== "arrive" && first.kind !== "submit") continue;
    const outcome = followed(evidence, findings, typeOfKind[first.kind], eventId);
    if (outcome !== undefined) counted[outcome] += 1;
  }

  for (const event of emittedIn(evidence)) {
    if (nameOf(event.type) === "dataset.ingested") {
      const outcome = followed(evidence, findings, "dataset.ingested", event.eventId);
      if (outcome !== undefined) counted[outcome] += 1;
    }
  }
  counted.runs = checkRuns(evidence, findings);
  counted.datasetVersions = checkDatasetVersions(evidence, findings);
  return {
    invariant,
    title: "what was confirmed had its effect once",
    counted,
    violations: findings.violations,
  };
};

function byEvent(journal: readonly Operation[]): Map<string, Operation[]> {
  const published = journal.filter(({ kind, eventId }) => kind !== "predict" && eventId !== undefined);
  return Map.groupBy(published, ({ eventId }) => eventId ?? "");
}

function followed(
  evidence: Evidence,
  { find }: Findings,
  name: string,
  eventId: string,
): "lost" | "doubled" | undefined {
  const found = causedBy(evidence, eventId, ...(answers[name] ?? []));
  if (found.length === 1) return undefined;
  const ids = found.map((event) => ({ eventId: event.eventId, type: event.type }));
  if (found.length === 0) {
    find("EFFECT_MISSING", `nothing has followed from ${name} ${eventId}`, { eventId });
    return "lost";
  }
  find("EFFECT_DOUBLED", `${name} ${eventId} was answered ${found.length} times`, ids);
  return "doubled";
}

/** Every run ends once, and every candidate is judged once. */
function checkRuns(evidence: Evidence, { find }: Findings): number {
  const runs = rowsOf(evidence, "training", "runs");
  const ends = endsByRun(evidence, "training-run.completed", "training-run.failed", "training-run.cancelled");
  const verdicts = endsByRun(evidence, "evaluation.passed", "evaluation.failed");
  for (const run of runs) {
    const runId = text(run, "run_id");
    const ended = ends.get(runId) ?? [];
    if (run.status === "queued" || run.status === "running" || ended.length === 0) {
      find("RUN_WITHOUT_END", `run ${runId} has not ended`, run);
      continue;
    }
    if (ended.length > 1) find("RUN_ENDED_TWICE", `run ${runId} has ended ${ended.length} times`, ended);
    const judged = verdicts.get(runId) ?? [];
    if (run.status === "completed" && judged.length !== 1) {
      find("RUN_NOT_JUDGED_ONCE", `the candidate of run ${runId} was judged ${judged.length} times`, judged);
    }
  }
  return runs.length;
}

function endsByRun(evidence: Evidence, ...names: string[]) {
  const ends = emittedIn(evidence).filter(({ type }) => names.includes(nameOf(type)));
  return Map.groupBy(
    ends.map(({ eventId, type, data }) => ({ eventId, type, runId: String(data.runId) })),
    ({ runId }) => runId,
  );
}

/** The same bytes are one dataset version that was not rejected, however often and under whatever ids they have arrived. */
function checkDatasetVersions(evidence: Evidence, { find }: Findings): number {
  const versions = rowsOf(evidence, "ingestion", "dataset_versions");
  const contentOf = new Map(
    evidence.journal.flatMap(({ eventId, content }) =>
      eventId === undefined || content === undefined ? [] : [[eventId, content] as const],
    ),
  );
  const alive = versions.filter((row) => row.rejected_at == null);
  const byContent = Map.groupBy(alive, (row) => {
    const content = contentOf.get(text(row, "arrived_by")) ?? text(row, "dataset_version");
    return `${text(row, "pipeline")} ${content} ${text(row, "demands_digest")}`;
  });
  for (const [content, rows] of byContent) {
    if (rows.length > 1) find("DATASET_VERSION_DOUBLED", `${content} became ${rows.length} versions`, rows);
  }
  for (const event of emittedIn(evidence)) {
    if (nameOf(event.type) !== "dataset.ingested") continue;
    const kept = versions.filter((row) => text(row, "arrived_by") === event.causationId);
    // Two of them are told of above.
    if (kept.length === 0) {
      const message = `arrival ${event.causationId} was told as ingested and has no dataset version`;
      find("DATASET_VERSION_MISSING", message, { eventId: event.eventId });
    }
  }
  return versions.length;
}
