import { type Evidence, rowsOf, text } from "../evidence/evidence.ts";
import type { FaultKind } from "../faults/kinds.ts";
import { type Check, type Findings, findingsOf } from "./verdict.ts";

const invariant = "predictions";

/** Faults after which a log in a replica's memory is gone: by design, and counted. */
const endings: readonly FaultKind[] = ["kill-replica", "restart-storm"];

/** Every answer is watched once; labels meet their predictions. */
export const checkPredictions: Check = (evidence) => {
  const findings = findingsOf(invariant);
  const asked = evidence.journal.filter(({ kind }) => kind === "predict");
  const ids = new Set(asked.flatMap(({ predictionIds }) => predictionIds ?? []));
  const kept = rowsOf(evidence, "monitoring", "predictions");
  const watched = new Set(kept.map((row) => text(row, "prediction_id")));
  for (const id of watched) {
    if (!ids.has(id)) findings.find("PREDICTION_GHOST", `prediction ${id} was never asked for`, { id });
  }
  const answered = asked.filter(({ outcome }) => outcome === "ok");
  const unwatched = answered.flatMap(({ predictionIds, replica }) =>
    (predictionIds ?? []).filter((id) => !watched.has(id)).map((id) => ({ id, replica })),
  );
  for (const { id, replica } of unwatched) {
    if (mayForget(evidence, replica)) continue;
    findings.find("PREDICTION_LOST", `prediction ${id} of ${replica} was answered and never watched`, { id });
  }
  const labels = checkLabels(evidence, findings, watched);
  const counted = { answered: answered.length, watched: watched.size, unwatched: unwatched.length, labels };
  return { invariant, title: "answers are watched once", counted, violations: findings.violations };
};

/** Its replica was ended, or the broker has forgotten: serving keeps no outbox to say it again from. */
function mayForget({ faults }: Evidence, replica: string | undefined): boolean {
  return faults.some(
    ({ kind, what }) =>
      kind === "broker-amnesia" || (endings.includes(kind) && what.includes(replica ?? "?")),
  );
}

function checkLabels(evidence: Evidence, { find }: Findings, watched: ReadonlySet<string>): number {
  const told = evidence.journal.filter(({ kind, outcome }) => kind === "label" && outcome === "ok");
  const labelled = new Set(
    rowsOf(evidence, "monitoring", "predictions")
      .filter(({ label }) => label !== null)
      .map((row) => text(row, "prediction_id")),
  );
  const early = new Set(
    rowsOf(evidence, "monitoring", "early_labels").map((row) => text(row, "prediction_id")),
  );
  const ids = told.flatMap(({ predictionIds, eventId }) =>
    (predictionIds ?? []).map((id) => ({ id, eventId })),
  );
  for (const { id, eventId } of ids) {
    if (labelled.has(id) || (!watched.has(id) && early.has(id))) continue;
    find("LABEL_LOST", `the label of prediction ${id} was confirmed and is nowhere`, { id, eventId });
  }
  return ids.length;
}
