import { ScheduleFiredV1 } from "@cascade/contracts";
import { job } from "@cascade/messaging";
import { passedSince } from "@cascade/schedule";
import { z } from "zod";
import { forgetTimers } from "../adapters/code-looks.ts";
import { findPipeline } from "../adapters/trigger-states.ts";
import { jobNames } from "../domain/consequences.ts";
import { scheduleReason } from "../domain/reasons.ts";
import { nextFire, sameSchedule, scheduleOf } from "../domain/timers.ts";
import { considerTrigger } from "./consider-trigger.ts";

/** Due times that are counted; more have passed only after years, and are told as this many. */
const missedMax = 100_000;

/**
 * Tells that a training is due, and sets the timer for the next time. What passed while nothing ran is told as one:
 * the newest of it, and how many came before. A timer is a row that one replica works off, so that nothing is told twice.
 */
export const fireSchedule = job({
  name: jobNames.fireSchedule,
  payload: z.object({ cron: z.string(), timeZone: z.string(), dueAt: z.iso.datetime() }),
  emits: [ScheduleFiredV1],
  // The timers of a schedule must not end because a database was away.
  settings: { timeoutMs: 10_000, attempts: Number.MAX_SAFE_INTEGER },

  run: async () => ({}),

  load: async ({ pipeline }, tx) => ({ inForce: await findPipeline(tx, pipeline) }),

  finish: ({ pipeline, payload }, { inForce, now }) => {
    const { cron, timeZone, dueAt } = payload;
    const schedule = { cron, timeZone };
    // A schedule that is no longer in force ends with its timer; the one in force has a timer of its own.
    if (!sameSchedule(schedule, scheduleOf(inForce))) return { events: [], jobs: [] };
    const due = new Date(dueAt);
    const { last, count } = passedSince(schedule, due, now, missedMax);
    const fired = { cron, timeZone, dueAt: (last ?? due).toISOString(), missed: count };
    const event = ScheduleFiredV1.create(pipeline, fired);
    const trigger = { kind: "schedule", reason: scheduleReason(fired) } as const;
    const key = `${pipeline}/${cron}/${timeZone}/${fired.dueAt}`;
    return {
      events: [event],
      jobs: [
        considerTrigger.plan(trigger, { key, follows: event }),
        // The clock that found the timer due may be ahead of ours.
        ...nextFire(pipeline, schedule, now > due ? now : due),
      ],
    };
  },

  fail: () => ({ events: [], jobs: [] }),

  record: (_, tx, { pipeline }) => forgetTimers(tx, jobNames.fireSchedule, pipeline),
});
