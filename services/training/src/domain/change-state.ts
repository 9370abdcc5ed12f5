import type { Given } from "@cascade/messaging";
import type { Considered } from "./consider.ts";
import { consider, reconsider } from "./consider.ts";
import { sameModel, sameTrainingSet } from "./model-change.ts";
import type { PlannedRun } from "./plan-run.ts";
import type { AppliedPipeline, Snapshot, TriggerState } from "./trigger-state.ts";

/**
 * A new training set has been built. Snapshot ids are UUIDv7, so one that was delivered late sorts before
 * the one we have: its rows count, but it does not become the newest.
 */
export function withSnapshot(
  state: TriggerState,
  snapshot: Snapshot,
  newRows: number,
  now: Date,
): TriggerState {
  const all = state.newRows + newRows;
  const enough = state.pipeline?.training.triggers.newData?.minRows ?? 1;
  const isLate = state.snapshot !== undefined && state.snapshot.snapshotId > snapshot.snapshotId;
  return {
    ...state,
    newRows: all,
    rowsEnoughAt: state.rowsEnoughAt ?? (all >= enough ? now : undefined),
    rowsNewestAt: newRows > 0 ? now : state.rowsNewestAt,
    snapshot: isLate ? state.snapshot : snapshot,
  };
}

/** A run has ended. The rows of one that left no model have taught nobody anything: they are new again. */
export function withRunEnded(
  state: TriggerState,
  run: PlannedRun,
  outcome: "completed" | "failed" | "cancelled",
  now: Date,
): TriggerState {
  const { kind } = run.trigger;
  const own = state.byTrigger[kind];
  return {
    ...state,
    byTrigger:
      own === undefined ? state.byTrigger : { ...state.byTrigger, [kind]: { ...own, cooldownFrom: now } },
    runningRunId: state.runningRunId === run.runId ? undefined : state.runningRunId,
    newRows: state.newRows + (outcome === "completed" ? 0 : run.newRows),
    runs: { ...state.runs, underWay: Math.max(0, state.runs.underWay - 1) },
    lastFinishedAt: now,
    cooldownFrom: kind === "request" ? state.cooldownFrom : now,
  };
}

/**
 * A version of the pipeline is in force. The waiting wish is decided again under the new policy; a changed
 * model is a wish of its own, except the first time, when there is nothing yet that could be outdated. A
 * version whose predecessor never arrived is compared with the one we have.
 */
export function applyPipeline(
  state: TriggerState,
  pipeline: AppliedPipeline,
  change: { readonly modelChanged: boolean; readonly eventId: string },
  given: Given,
): Considered {
  const previous = state.pipeline;
  const applied = { ...state, pipeline, snapshot: snapshotUnder(state, pipeline, change.eventId) };
  const first = reconsider(applied, given);
  if (previous === undefined || !(change.modelChanged || !sameModel(previous, pipeline))) return first;
  const reason = `version ${pipeline.version} of the pipeline changes the model`;
  const second = consider(first.state, { kind: "pipeline-change", eventId: change.eventId, reason }, given);
  return { ...second, answers: [...first.answers, ...second.answers] };
}

/**
 * The features service builds a new training set for every change of what it is made of. The one we have may
 * be that one already, because events of two services have no order: then its id is younger than the change.
 */
function snapshotUnder(
  { pipeline: previous, snapshot }: TriggerState,
  pipeline: AppliedPipeline,
  eventId: string,
): Snapshot | undefined {
  if (snapshot === undefined || previous === undefined || sameTrainingSet(previous, pipeline))
    return snapshot;
  return snapshot.snapshotId > eventId ? snapshot : { ...snapshot, outdated: true };
}
