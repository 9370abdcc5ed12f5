import { TrainingRunCompletedV1, TrainingRunFailedV1, TrainingRunStartedV1 } from "@cascade/contracts";
import { describeError, type Given, type JobContext, job } from "@cascade/messaging";
import { endRun } from "../adapters/decision-log.ts";
import { executeRun, type RunResult } from "../adapters/execute-run.ts";
import { recordPolicy } from "../adapters/record-policy.ts";
import { loadTriggerState } from "../adapters/trigger-states.ts";
import type { Deps } from "../deps.ts";
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
  emits: [TrainingRunStartedV1, TrainingRunCompletedV1, TrainingRunFailedV1, ...policyEvents],
  // The pipeline's own time limit, at most a day, is what ends a trainer; this one is for all that is around it.
  settings: { timeoutMs: 26 * hour, attempts: 3, concurrency: 2 },

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

  run: (run, deps: Deps, context: JobContext) => executeRun(run, deps, context),

  load: async ({ pipeline }, tx) => ({ state: await loadTriggerState(tx, pipeline) }),

  finish: ({ pipeline, payload, attempt, result }, { state, ...given }) =>
    conclude(pipeline, payload, attempt, result, state, given),

  fail: ({ pipeline, payload, attempt, error }, { state, ...given }) => {
    const problem = infrastructureProblem(describeError(error));
    return conclude(pipeline, payload, attempt, { outcome: "failed", problem, logTail: "" }, state, given);
  },

  record: ({ ended, ...decision }, tx, { pipeline }) => {
    endRun(tx, ended);
    recordPolicy(decision, tx, pipeline);
  },
});

function conclude(
  pipeline: string,
  run: PlannedRun,
  attempts: number,
  result: RunResult,
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
        ? { durationMs: result.durationMs, metrics: result.metrics }
        : { problem: result.problem }),
    },
  };
}

function endedEvent(pipeline: string, run: PlannedRun, attempts: number, result: RunResult) {
  const { runId, trigger, trainingSet, seed, task } = run;
  const trainer = trainerName(run.trainer);
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
