import type { ServiceName } from "@cascade/contracts";
import { type Evidence, number, rowsOf, text } from "../evidence/evidence.ts";
import { emittedIn, nameOf } from "./emitted.ts";
import { type Check, type Findings, findingsOf } from "./verdict.ts";

const invariant = "I9";

/** Services that keep the part of a pipeline that they need. */
export const keepers: readonly ServiceName[] = [
  "ingestion",
  "validation",
  "features",
  "training",
  "evaluation",
  "deployment",
  "monitoring",
];

/** What services keep of each other's events is what the events say, and versions only rise. */
export const checkProjections: Check = (evidence) => {
  const findings = findingsOf(invariant);
  const compared =
    checkPipelines(evidence, findings) +
    checkChampions(evidence, findings) +
    checkBatches(evidence, findings) +
    checkRevisions(evidence, findings) +
    checkRuns(evidence, findings);
  return {
    invariant,
    title: "projections agree with their source",
    counted: { compared },
    violations: findings.violations,
  };
};

function differs({ find }: Findings, what: string, kept: unknown, source: unknown): void {
  if (JSON.stringify(kept) === JSON.stringify(source)) return;
  find(
    "PROJECTION_DIFFERS",
    `${what} is ${JSON.stringify(kept)}, its source says ${JSON.stringify(source)}`,
    {
      kept,
      source,
    },
  );
}

function checkPipelines(evidence: Evidence, findings: Findings): number {
  const versions = rowsOf(evidence, "registry", "pipeline_versions");
  const newest = new Map<string, number>();
  for (const row of versions) {
    const pipeline = text(row, "pipeline");
    newest.set(pipeline, Math.max(newest.get(pipeline) ?? 0, number(row, "version")));
  }
  for (const keeper of keepers) {
    for (const [pipeline, version] of newest) {
      const kept = rowsOf(evidence, keeper, "pipelines").find((row) => row.pipeline === pipeline);
      differs(findings, `the version of ${pipeline} that ${keeper} keeps`, kept?.version, version);
    }
  }
  return newest.size * keepers.length;
}

function checkChampions(evidence: Evidence, findings: Findings): number {
  const chains = Map.groupBy(rowsOf(evidence, "registry", "champions"), (row) => text(row, "pipeline"));
  for (const [pipeline, rows] of chains) {
    const present = rows.toSorted((a, b) => number(b, "sequence") - number(a, "sequence"))[0];
    const version = present === undefined ? 0 : number(present, "version");
    if (version === 0) continue;
    const judged = rowsOf(evidence, "evaluation", "champions").find((row) => row.pipeline === pipeline);
    differs(
      findings,
      `the champion of ${pipeline} that the evaluation compares with`,
      judged?.version,
      version,
    );
    const watched = rowsOf(evidence, "monitoring", "versions").some(
      (row) => row.pipeline === pipeline && row.version === version,
    );
    differs(findings, `whether monitoring knows version ${version} of ${pipeline}`, watched, true);
  }
  return chains.size * 2;
}

/** Every accepted batch is in the features, and none else. */
function checkBatches(evidence: Evidence, findings: Findings): number {
  const accepted = rowsOf(evidence, "validation", "reports").filter(({ outcome }) => outcome === "validated");
  const key = (row: Readonly<Record<string, unknown>>) => `${row.pipeline} ${row.dataset_version}`;
  const kept = rowsOf(evidence, "features", "batches").map(key).toSorted();
  differs(findings, "the batches that features keeps", kept, [...new Set(accepted.map(key))].toSorted());
  return accepted.length;
}

function checkRevisions(evidence: Evidence, findings: Findings): number {
  const assignments = Map.groupBy(rowsOf(evidence, "deployment", "assignments"), (row) =>
    text(row, "pipeline"),
  );
  for (const [pipeline, rows] of assignments) {
    const revisions = rows.map((row) => number(row, "revision")).toSorted((a, b) => a - b);
    const expected = revisions.map((_, index) => index + 1);
    differs(findings, `the row of revisions of ${pipeline}`, revisions, expected);
    const endpoint = rowsOf(evidence, "deployment", "endpoints").find((row) => row.pipeline === pipeline);
    differs(findings, `the revision of ${pipeline}`, endpoint?.revision, revisions.at(-1));
  }
  return assignments.size * 2;
}

function checkRuns(evidence: Evidence, findings: Findings): number {
  const requested = emittedIn(evidence)
    .filter(({ type }) => nameOf(type) === "training-run.requested")
    .map(({ data }) => String(data.runId));
  const runs = rowsOf(evidence, "training", "runs").map((row) => text(row, "run_id"));
  differs(findings, "the runs that training keeps", runs.toSorted(), requested.toSorted());
  return runs.length;
}
