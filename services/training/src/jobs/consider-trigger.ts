import { Trigger } from "@cascade/contracts";
import { type JobContext, job } from "@cascade/messaging";
import { forgetTimers } from "../adapters/code-looks.ts";
import { recordPolicy } from "../adapters/record-policy.ts";
import { loadTriggerState } from "../adapters/trigger-states.ts";
import { consequencesOf, jobNames, policyEvents } from "../domain/consequences.ts";
import { consider } from "../domain/consider.ts";

/**
 * Decides on a trigger that training has told itself: a schedule that fired, a program that changed. A job and not a
 * part of who tells it, so that what follows belongs to the cascade that the telling starts.
 */
export const considerTrigger = job({
  name: jobNames.considerTrigger,
  payload: Trigger.pick({ kind: true, reason: true }),
  emits: policyEvents,
  settings: { timeoutMs: 10_000, attempts: Number.MAX_SAFE_INTEGER },

  // The event that it follows is the root of its cascade.
  run: async (_, __, { correlationId }: JobContext) => ({ eventId: correlationId }),

  load: async ({ pipeline }, tx) => ({ state: await loadTriggerState(tx, pipeline) }),

  finish: ({ pipeline, payload, result }, { state, ...given }) =>
    consequencesOf(pipeline, consider(state, { ...payload, ...result }, given), given),

  fail: ({ pipeline }, { state, ...given }) => consequencesOf(pipeline, { state, answers: [] }, given),

  record: (decision, tx, { pipeline }) => {
    recordPolicy(decision, tx, pipeline);
    forgetTimers(tx, jobNames.considerTrigger, pipeline);
  },
});
