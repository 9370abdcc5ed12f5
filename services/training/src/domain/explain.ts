import { nextDue } from "@cascade/schedule";
import { decideTrigger } from "./decide-trigger.ts";
import { scheduleOf } from "./timers.ts";
import { runsOn, type TriggerState } from "./trigger-state.ts";

/** What waits, for what, and until when, as the policy answers at this moment; null where nothing waits. */
export function explainWish(state: TriggerState, now: Date) {
  const { wish } = state;
  if (wish === undefined) return null;
  const { trigger } = wish;
  const decision = decideTrigger(state, state.pipeline?.training.triggers, trigger, now);
  switch (decision.kind) {
    case "start":
      return {
        trigger,
        reason: wish.reason,
        message: "nothing is in its way any more: it is about to start",
      };
    case "wait":
    case "suppress": {
      const { reason, message } = decision;
      const until = decision.kind === "wait" ? decision.until : undefined;
      return { trigger, reason, message, ...(until === undefined ? {} : { until }) };
    }
    default:
      return decision satisfies never;
  }
}

/** Everything that the next decision will be made from. */
export function explainState(state: TriggerState, now: Date) {
  const { pipeline, newRows, runningRunId, cooldownFrom, runs, snapshot } = state;
  const triggers = pipeline?.training.triggers;
  const schedule = scheduleOf(pipeline);
  const cooldownUntil =
    cooldownFrom && triggers && new Date(cooldownFrom.getTime() + triggers.cooldownSeconds * 1000);
  return {
    version: pipeline?.version ?? null,
    triggers: triggers ?? null,
    hasTrainingSet: snapshot !== undefined && snapshot.outdated !== true,
    newRows,
    runningRunId: runningRunId ?? null,
    runs: { ...runs },
    runsToday: runsOn(state, now),
    cooldownUntil: cooldownUntil !== undefined && cooldownUntil > now ? cooldownUntil : null,
    nextDueAt: (schedule && nextDue(schedule, now)) ?? null,
    waiting: explainWish(state, now),
  };
}
