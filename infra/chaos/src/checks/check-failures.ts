import type { FaultKind } from "../faults/kinds.ts";
import { emittedIn, nameOf } from "./emitted.ts";
import { type Check, findingsOf } from "./verdict.ts";

const invariant = "failures";

/** All data of a run are good and all programs work: these can only come from a store that was broken. */
const failures = [
  "dataset.ingestion-failed",
  "dataset.rejected",
  "feature-view.failed",
  "training-run.failed",
];

const storeFaults: readonly FaultKind[] = ["artifact-store-full", "damage-artifact"];
const storeReasons = /ARTIFACT_|FEATURES_UNAVAILABLE/;

/** What is told as failed has a named reason, and a fault of the run that explains it. */
export const checkFailures: Check = (evidence) => {
  const { find, violations } = findingsOf(invariant);
  const explained = evidence.faults.some(
    ({ kind, skipped }) => skipped === undefined && storeFaults.includes(kind),
  );
  const told = emittedIn(evidence).filter(({ type }) => failures.includes(nameOf(type)));
  for (const { type, eventId, data } of told) {
    if (explained && storeReasons.test(JSON.stringify(data))) continue;
    find("FAILURE_UNEXPLAINED", `${type} ${eventId} has no fault that explains it`, data);
  }
  return { invariant, title: "failures are named and explained", counted: { told: told.length }, violations };
};
