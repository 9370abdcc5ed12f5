import { job } from "@cascade/messaging";
import { z } from "zod";
import { recordPolicy } from "../adapters/record-policy.ts";
import { loadTriggerState } from "../adapters/trigger-states.ts";
import { consequencesOf, jobNames, policyEvents } from "../domain/consequences.ts";
import { reconsiderAfterTimer } from "../domain/consider.ts";

/** A timer: at the end of a cooldown, or of a day whose budget is spent, the waiting wish is decided again. */
export const reconsiderWish = job({
  name: jobNames.reconsiderWish,
  payload: z.object({ wishEventId: z.string() }),
  emits: policyEvents,
  settings: { timeoutMs: 10_000, attempts: 10 },

  run: async () => ({}),

  load: async ({ pipeline }, tx) => ({ state: await loadTriggerState(tx, pipeline) }),

  finish: ({ pipeline, payload }, { state, ...given }) =>
    consequencesOf(pipeline, reconsiderAfterTimer(state, payload.wishEventId, given), given),

  // There is nothing in `run` that could fail; the state stays as it is and the next event decides again.
  fail: ({ pipeline }, { state, ...given }) => consequencesOf(pipeline, { state, answers: [] }, given),

  record: (decision, tx, { pipeline }) => recordPolicy(decision, tx, pipeline),
});
