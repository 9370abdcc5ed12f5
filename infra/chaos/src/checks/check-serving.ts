import { type Evidence, moment, number, type Row, rowsOf, text } from "../evidence/evidence.ts";
import { type Check, type Findings, findingsOf } from "./verdict.ts";

const invariant = "I7";

type Traffic = readonly { readonly version: number; readonly weightPercent: number }[];

/** All replicas serve what was assigned last, and no answer ever came from a version that was not assigned by then. */
export const checkServing: Check = (evidence) => {
  const findings = findingsOf(invariant);
  const assignments = rowsOf(evidence, "deployment", "assignments");
  const newest = newestByPipeline(assignments);
  checkReplicas(evidence, findings, newest);
  checkDesiredState(evidence, findings, newest);
  const answers = checkAnswers(evidence, findings, assignments);
  const replicas = new Set(evidence.serving.map(({ replica }) => replica)).size;
  const counted = { replicas, assignments: assignments.length, answers };
  return { invariant, title: "replicas serve what is assigned", counted, violations: findings.violations };
};

function newestByPipeline(assignments: readonly Row[]): Map<string, Row> {
  const newest = new Map<string, Row>();
  for (const row of assignments) {
    const known = newest.get(text(row, "pipeline"));
    if (known === undefined || number(row, "revision") > number(known, "revision")) {
      newest.set(text(row, "pipeline"), row);
    }
  }
  return newest;
}

function checkReplicas(evidence: Evidence, { find }: Findings, newest: ReadonlyMap<string, Row>): void {
  const replicas = [...new Set(evidence.serving.map(({ replica }) => replica))];
  for (const [pipeline, assignment] of newest) {
    const assigned = versionsOf(assignment);
    for (const replica of replicas) {
      const served = evidence.serving.find((one) => one.replica === replica && one.pipeline === pipeline);
      const isSame =
        served?.revision === number(assignment, "revision") &&
        JSON.stringify(served.versions.map(({ version }) => version).toSorted()) ===
          JSON.stringify(assigned.map(({ version }) => version).toSorted());
      if (!isSame) {
        find("REPLICA_NOT_CONVERGED", `${replica} does not serve what is assigned to ${pipeline}`, {
          assigned: { revision: assignment.revision, versions: assigned },
          served,
        });
      } else if (assigned.length > 0 && !assigned.some(({ version }) => version === served?.answered)) {
        find(
          "REPLICA_ANSWERS_WRONGLY",
          `${replica} answers ${pipeline} by version ${served?.answered}`,
          served,
        );
      }
    }
  }
}

/** What a replica reads that starts now: the last assignment in the stream must be the newest one. */
function checkDesiredState(evidence: Evidence, { find }: Findings, newest: ReadonlyMap<string, Row>): void {
  for (const [pipeline, assignment] of newest) {
    const last = evidence.messages.findLast(
      (message) => message.pipeline === pipeline && message.type.startsWith("cascade.traffic.assigned."),
    );
    if (last === undefined || Number(last.data.revision) === number(assignment, "revision")) continue;
    const { stream, sequence, id } = last;
    const message = `a replica that starts now reads revision ${last.data.revision} of ${pipeline}, not ${assignment.revision}`;
    find("DESIRED_STATE_OUTDATED", message, { stream, sequence, id });
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
