import { ServingWindowReportedV1 } from "@cascade/contracts";
import { reaction } from "@cascade/messaging";
import { loadScene } from "../adapters/load-scene.ts";
import { saveSighting } from "../adapters/replicas.ts";
import { saveChange } from "../adapters/save-change.ts";
import { insertStepWindow, sumAnswers } from "../adapters/windows.ts";
import type { Deps } from "../deps.ts";
import { proceed } from "../domain/proceed.ts";
import { withSighting } from "../domain/replicas.ts";
import { endpointEvents, tell } from "../domain/tell.ts";
import { timersFor } from "../jobs/timers.ts";

/**
 * Every window is a sign of life, also one of an older revision: that replica is still to be waited for.
 * Only the new version's answers at the present revision are judged.
 */
export const judgeOnServingWindowReported = reaction({
  name: "judge-on-serving-window-reported",
  on: ServingWindowReportedV1,
  emits: endpointEvents,

  gather: async (_, { replicaLiveMs }: Deps) => ({ replicaLiveMs }),

  load: async ({ pipeline, data, id }, tx) => {
    const scene = await loadScene(tx, pipeline);
    const { rollout } = scene.endpoint;
    const counts = rollout?.revision === data.revision && rollout.plan.version === data.version;
    if (!counts) return { ...scene, counts };
    // Summed by the database with this window in it, in the transaction that keeps both or neither.
    insertStepWindow(tx, pipeline, data.revision, { ...data, eventId: id });
    return { ...scene, counts, answers: await sumAnswers(tx, pipeline, data.revision) };
  },

  decide({ pipeline, data, id }, { now, servables, counts, ...scene }) {
    const sighting = { replica: data.replica, at: now };
    const cause = { eventId: id, at: now };
    if (!counts) return { change: undefined, sighting, cause, events: [] };
    const view = { ...scene, replicas: withSighting(scene.replicas, sighting), now };
    const change = proceed(scene.endpoint, view);
    const moved = change.endpoint !== scene.endpoint;
    return {
      change: moved ? change : undefined,
      sighting,
      cause,
      events: tell(pipeline, change.outcomes, servables),
      jobs: moved ? timersFor(change.endpoint, view) : [],
    };
  },

  record: ({ change, sighting, cause }, tx, { pipeline }) => {
    saveSighting(tx, pipeline, sighting);
    if (change !== undefined) saveChange(tx, change, cause);
  },
});
