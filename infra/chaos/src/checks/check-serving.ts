import {
  type Evidence,
  moment,
  number,
  type Row,
  rowsOf,
  type ServedPipeline,
  text,
} from "../evidence/evidence.ts";
import { type Check, type Findings, findingsOf } from "./verdict.ts";

const invariant = "I7";

type Traffic = readonly { readonly version: number; readonly weightPercent: number }[];

/** All replicas serve what was assigned last, and no answer ever came from a version that was not assigned by then. */
export const checkServing: Check = (evidence) => {
  const findings = findingsOf(invariant);
  const assignments = rowsOf(evidence, "deployment", "assignments");
  const newest = newestAssignments(assignments);
  checkReplicas(evidence, findings, newest);
  const answers = checkAnswers(evidence, findings, assignments);
  const replicas = new Set(evidence.serving.map(({ replica }) => replica)).size;
  const counted = { replicas, assignments: assignments.length, answers };
  return { invariant, title: "replicas serve what is assigned", counted, violations: findings.violations };
};

/** The assignment of each pipeline with the highest revision. */
export function newestAssignments(assignments: readonly Row[]): Map<string, Row> {
  const newest = new Map<string, Row>();
  for (const row of assignments) {
    const known = newest.get(text(row, "pipeline"));
    if (known === undefined || number(row, "revision") > number(known, "revision")) {
      newest.set(text(row, "pipeline"), row);
    }
  }
  return newest;
}

/** Whether all replicas serve all that is assigned. */
export function haveConverged(serving: readonly ServedPipeline[], newest: ReadonlyMap<string, Row>): boolean {
  return unconverged(serving, newest).length === 0;
}

function unconverged(serving: readonly ServedPipeline[], newest: ReadonlyMap<string, Row>) {
  const replicas = [...new Set(serving.map(({ replica }) => replica))];
  return [...newest].flatMap(([pipeline, assignment]) => {
    const assigned = {
      revision: number(assignment, "revision"),
      versions: numbersOf(versionsOf(assignment)),
    };
    return replicas.flatMap((replica) => {
      const served = serving.find((one) => one.replica === replica && one.pipeline === pipeline);
      const shown = served && { revision: served.revision, versions: numbersOf(served.versions) };
      return JSON.stringify(shown) === JSON.stringify(assigned)
        ? []
        : [{ replica, pipeline, assigned, served }];
    });
  });
}

const numbersOf = (traffic: Traffic) => traffic.map(({ version }) => version).toSorted((a, b) => a - b);

function checkReplicas({ serving }: Evidence, { find }: Findings, newest: ReadonlyMap<string, Row>): void {
  for (const late of unconverged(serving, newest)) {
    const message = `${late.replica} does not serve what is assigned to ${late.pipeline}`;
    find("REPLICA_NOT_CONVERGED", message, late);
  }
  for (const { replica, pipeline, versions, answered } of serving) {
    if (versions.length === 0 || versions.some(({ version }) => version === answered)) continue;
    const message = `${replica} serves ${pipeline} and was answered by version ${answered}`;
    find("REPLICA_ANSWERS_WRONGLY", message, { replica, pipeline, versions, answered });
  }
}

function checkAnswers(evidence: Evidence, { find }: Findings, assignments: readonly Row[]): number {
  const answers = evidence.journal.filter(({ kind, outcome }) => kind === "predict" && outcome === "ok");
  for (const answer of answers) {
    const { pipeline, version, endedAt = 0 } = answer;
    const wasAssigned = assignments.some(
      (row) =>
        row.pipeline === pipeline &&
        moment(row, "assigned_at") <= endedAt &&
        versionsOf(row).some((one) => one.version === version),
    );
    if (!wasAssigned) {
      const message = `${answer.replica} answered ${pipeline} by version ${version}, which was not assigned by then`;
      find("ANSWER_OF_UNASSIGNED_VERSION", message, answer);
    }
  }
  return answers.length;
}

function versionsOf(assignment: Row): Traffic {
  return assignment.traffic as Traffic;
}
