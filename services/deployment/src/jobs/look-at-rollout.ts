import { job } from "@cascade/messaging";
import { z } from "zod";
import { loadScene } from "../adapters/load-scene.ts";
import { saveChange } from "../adapters/save-change.ts";
import type { Deps } from "../deps.ts";
import { proceed } from "../domain/proceed.ts";
import { endpointEvents, tell } from "../domain/tell.ts";
import { timerName, timersFor } from "./timers.ts";

/** A timer: looks at a rollout when only the clock can move it on. */
export const lookAtRollout = job({
  name: timerName,
  payload: z.object({ revision: z.int(), at: z.iso.datetime() }),
  emits: endpointEvents,
  settings: { timeoutMs: 10_000, attempts: 10, concurrency: 4 },

  run: async (_, { replicaLiveMs }: Deps) => ({ replicaLiveMs }),

  load: ({ pipeline }, tx) => loadScene(tx, pipeline),

  finish({ pipeline, payload, jobId, result }, { now, servables, ...scene }) {
    const cause = { eventId: jobId, at: now };
    // The database's clock says that it is time; ours may be a little behind, and would ask for the same again.
    const moment = new Date(Math.max(now.getTime(), Date.parse(payload.at)));
    // The rollout has moved on or is over: the timer of its new revision looks after it.
    if (scene.endpoint.rollout?.revision !== payload.revision) {
      return { change: undefined, cause, events: [], jobs: [] };
    }
    const view = { ...scene, ...result, now: moment };
    const change = proceed(scene.endpoint, view);
    return {
      change,
      cause,
      events: tell(pipeline, change.outcomes, servables),
      jobs: timersFor(change.endpoint, view),
    };
  },

  // Nothing is lost: the next window or replica that is heard of looks at the rollout as well.
  fail: (_, { now }) => ({ change: undefined, cause: { eventId: "", at: now }, events: [], jobs: [] }),

  record: ({ change, cause }, tx) => {
    if (change !== undefined) saveChange(tx, change, cause);
  },
});
