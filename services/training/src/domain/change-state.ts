import type { Given } from "@cascade/messaging";
import type { Considered } from "./consider.ts";
import { consider, reconsider } from "./consider.ts";
import type { PlannedRun } from "./plan-run.ts";
import type { AppliedPipeline, Snapshot, TriggerState } from "./trigger-state.ts";

/**
 * A new training set has been built. Snapshot ids are UUIDv7, so one that was delivered late sorts before
 * the one we have: its rows count, but it does not become the newest.
 */
export function withSnapshot(state: TriggerState, snapshot: Snapshot, newRows: number): TriggerState {
  const isLate = state.snapshot !== undefined && state.snapshot.snapshotId > snapshot.snapshotId;
  return {
    ...state,
    newRows: state.newRows + newRows,
    snapshot: isLate ? state.snapshot : snapshot,
  };
}

/** A run has ended. The rows of a failed run have taught nobody anything: they are new again. */
export function withRunEnded(
  state: TriggerState,
  run: PlannedRun,
  outcome: "completed" | "failed",
  now: Date,
): TriggerState {
  return {
    ...state,
    runningRunId: state.runningRunId === run.runId ? undefined : state.runningRunId,
    newRows: state.newRows + (outcome === "failed" ? run.newRows : 0),
    lastFinishedAt: now,
    cooldownFrom: run.trigger.kind === "request" ? state.cooldownFrom : now,
  };
}

/**
 * A version of the pipeline is in force. The waiting wish is decided again under the new policy; a changed
 * model is a wish of its own, except the first time, when there is nothing yet that could be outdated.
 */
export function applyPipeline(
  state: TriggerState,
  pipeline: AppliedPipeline,
  change: { readonly modelChanged: boolean; readonly eventId: string },
  given: Given,
): Considered {
  const previous = state.pipeline;
  const first = reconsider({ ...state, pipeline }, given);
  if (previous === undefined || !change.modelChanged) return first;
  const reason = `version ${pipeline.version} of the pipeline changes the model`;
  const second = consider(first.state, { kind: "pipeline-change", eventId: change.eventId, reason }, given);
  return { ...second, answers: [...first.answers, ...second.answers] };
}
