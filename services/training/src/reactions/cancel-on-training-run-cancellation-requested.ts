import {
  TrainingRunCancellationRefusedV1,
  TrainingRunCancellationRequestedV1,
  TrainingRunCancelledV1,
} from "@cascade/contracts";
import { reaction } from "@cascade/messaging";
import {
  endUnclaimedRun,
  findCancellableRun,
  holdUnclaimedRun,
  saveCancellation,
} from "../adapters/cancellations.ts";
import { endRun } from "../adapters/decision-log.ts";
import { recordPolicy } from "../adapters/record-policy.ts";
import { startQueuedRuns } from "../adapters/run-queue.ts";
import { loadTriggerState } from "../adapters/trigger-states.ts";
import { decideCancellation } from "../domain/cancel-run.ts";
import { withRunEnded } from "../domain/change-state.ts";
import { consequencesOf, policyEvents } from "../domain/consequences.ts";
import { reconsider } from "../domain/consider.ts";
import { trainerName } from "../domain/plan-run.ts";

export const cancelOnTrainingRunCancellationRequested = reaction({
  name: "cancel-on-training-run-cancellation-requested",
  on: TrainingRunCancellationRequestedV1,
  emits: [TrainingRunCancelledV1, TrainingRunCancellationRefusedV1, ...policyEvents],

  load: async ({ pipeline, data: { runId } }, tx) => {
    const state = await loadTriggerState(tx, pipeline);
    const run = await findCancellableRun(tx, pipeline, runId);
    return { state, run, unclaimed: run && (await holdUnclaimedRun(tx, runId)) };
  },

  decide({ pipeline, data: { runId, by, reason } }, { state, run, unclaimed, ...given }) {
    const cancellation = { by, reason };
    const decision = decideCancellation(runId, pipeline, run, unclaimed !== undefined);
    if (decision.kind === "refuse") {
      const { problem } = decision;
      return { events: [TrainingRunCancellationRefusedV1.create(pipeline, { runId, by, problem })] };
    }
    if (decision.kind === "tell-worker" || unclaimed === undefined) return { told: { runId, cancellation } };
    const { run: planned, hasStarted } = unclaimed;
    const { trigger, trainer } = planned;
    const next = reconsider(withRunEnded(state, planned, "cancelled", given.now), given);
    const policy = consequencesOf(pipeline, next, given);
    const cancelled = TrainingRunCancelledV1.create(pipeline, {
      runId,
      trigger,
      trainer: trainerName(trainer),
      by,
      reason,
      started: hasStarted,
    });
    return {
      events: [cancelled, ...policy.events],
      jobs: policy.jobs,
      policy,
      told: { runId, cancellation },
      ended: { runId, status: "cancelled" as const, finishedAt: given.now },
    };
  },

  record: (decision, tx, { pipeline }) => {
    if ("told" in decision && decision.told !== undefined) {
      saveCancellation(tx, decision.told.runId, decision.told.cancellation);
    }
    if (!("ended" in decision) || decision.ended === undefined) return;
    endUnclaimedRun(tx, decision.ended.runId);
    endRun(tx, decision.ended);
    recordPolicy(decision.policy, tx, pipeline);
    startQueuedRuns(tx);
  },
});
