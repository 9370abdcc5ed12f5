import {
  TrainingRunCancelledV1,
  TrainingRunCompletedV1,
  TrainingRunFailedV1,
  TrainingRunStartedV1,
} from "@cascade/contracts";
import { describeError, type Given, type JobContext, job } from "@cascade/messaging";
import { findCancellation } from "../adapters/cancellations.ts";
import { endRun } from "../adapters/decision-log.ts";
import { executeRun, type RunResult } from "../adapters/execute-run.ts";
import { recordPolicy } from "../adapters/record-policy.ts";
import { startQueuedRuns } from "../adapters/run-queue.ts";
import { loadTriggerState } from "../adapters/trigger-states.ts";
import { type CancelledRun, untilCancelled } from "../adapters/until-cancelled.ts";
import type { ServiceDeps } from "../deps.ts";
import type { Cancellation } from "../domain/cancel-run.ts";
import { withRunEnded } from "../domain/change-state.ts";
import { consequencesOf, jobNames, policyEvents } from "../domain/consequences.ts";
import { reconsider } from "../domain/consider.ts";
import { PlannedRun, trainerName } from "../domain/plan-run.ts";
import type { TriggerState } from "../domain/trigger-state.ts";
import { infrastructureProblem } from "../errors.ts";

const hour = 3_600_000;

/**
 * Trains one model. What the trainer does wrong is a result and is not tried again: only a store, a disk or a
 * process that fails is. The end of a run is also when the waiting wish gets its turn.
 */
export const runTraining = job({
  name: jobNames.runTraining,
  payload: PlannedRun,
  emits: [
    TrainingRunStartedV1,
    TrainingRunCompletedV1,
    TrainingRunFailedV1,
    TrainingRunCancelledV1,
    ...policyEvents,
  ],
  // The pipeline's own time limit, at most a day, is what ends a trainer; this one is for all that is around it.
  settings: { timeoutMs: 26 * hour, attempts: 3 },
  concurrency: ({ config }: ServiceDeps) => config.runsPerReplicaMax,

  begin: ({ pipeline, payload, attempt }) => ({
    events: [
      TrainingRunStartedV1.create(pipeline, {
        runId: payload.runId,
        trainer: trainerName(payload.trainer),
        rowCounts: payload.trainingSet.rowCounts,
        attempt,
      }),
    ],
  }),

  run: (run, deps: ServiceDeps, context: JobContext) =>
    untilCancelled(run.runId, deps, context, (limited) => executeRun(run, deps, limited)),

  load: async ({ pipeline, payload }, tx) => {
    const state = await loadTriggerState(tx, pipeline);
    return { state, cancellation: await findCancellation(tx, payload.runId) };
  },

  finish: ({ pipeline, payload, attempt, result }, { state, cancellation, ...given }) =>
    conclude(pipeline, payload, attempt, asCancelled(cancellation) ?? result, state, given),

  fail: ({ pipeline, payload, attempt, error }, { state, cancellation, ...given }) => {
    const problem = infrastructureProblem(describeError(error));
    const failed = { outcome: "failed", problem, logTail: "" } as const;
    return conclude(pipeline, payload, attempt, asCancelled(cancellation) ?? failed, state, given);
  },

  record: ({ ended, ...decision }, tx, { pipeline }) => {
    endRun(tx, ended);
    recordPolicy(decision, tx, pipeline);
    startQueuedRuns(tx);
  },
});

type EndedRun = RunResult | CancelledRun;

/** A person who was heard while the run was under way has the last word, also where it came to its end meanwhile. */
function asCancelled(cancellation: Cancellation | undefined): CancelledRun | undefined {
  return cancellation && { outcome: "cancelled", ...cancellation };
}

function conclude(
  pipeline: string,
  run: PlannedRun,
  attempts: number,
  result: EndedRun,
  state: TriggerState,
  given: Given,
) {
  const next = reconsider(withRunEnded(state, run, result.outcome, given.now), given);
  const policy = consequencesOf(pipeline, next, given);
  return {
    ...policy,
    events: [endedEvent(pipeline, run, attempts, result), ...policy.events],
    ended: {
      runId: run.runId,
      status: result.outcome,
      finishedAt: given.now,
      ...(result.outcome === "completed"
        ? { durationMs: result.durationMs, metrics: result.metrics, made: madeBy(result) }
        : result.outcome === "failed"
          ? { problem: result.problem }
          : {}),
    },
  };
}

function madeBy({ model, parameters, metrics, codeDigest }: Extract<EndedRun, { outcome: "completed" }>) {
  return { model, parameters, metrics: { ...metrics }, codeDigest };
}

function endedEvent(pipeline: string, run: PlannedRun, attempts: number, result: EndedRun) {
  const { runId, trigger, trainingSet, seed, task } = run;
  const trainer = trainerName(run.trainer);
  if (result.outcome === "cancelled") {
    const { by, reason } = result;
    return TrainingRunCancelledV1.create(pipeline, { runId, trigger, trainer, by, reason, started: true });
  }
  if (result.outcome === "failed") {
    const { problem, log, logTail, search } = result;
    return TrainingRunFailedV1.create(pipeline, {
      runId,
      trigger,
      trainer,
      problem,
      logTail,
      attempts,
      ...(log === undefined ? {} : { log }),
      ...(search === undefined ? {} : { search }),
    });
  }
  const { parameters, model, classes, metrics, samplePredictions, codeDigest, log, durationMs, search } =
    result;
  const { label, features, inputColumns, lookups } = trainingSet;
  return TrainingRunCompletedV1.create(pipeline, {
    runId,
    trigger,
    trainer,
    codeDigest,
    parameters,
    seed,
    candidate: {
      model,
      task,
      label,
      features,
      inputColumns,
      ...(lookups === undefined ? {} : { lookups }),
      ...(classes === undefined ? {} : { classes: [...classes] }),
    },
    trainingSet,
    metrics: { ...metrics },
    log,
    durationMs,
    ...(samplePredictions === undefined ? {} : { samplePredictions }),
    ...(search === undefined ? {} : { search }),
  });
}
