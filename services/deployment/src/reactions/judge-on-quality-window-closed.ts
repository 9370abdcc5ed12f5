import { QualityWindowClosedV1 } from "@cascade/contracts";
import { reaction } from "@cascade/messaging";
import { loadScene } from "../adapters/load-scene.ts";
import { saveChange } from "../adapters/save-change.ts";
import { insertQualityWindow } from "../adapters/windows.ts";
import type { Deps } from "../deps.ts";
import { proceed } from "../domain/proceed.ts";
import { qualityOf } from "../domain/quality.ts";
import { endpointEvents, tell } from "../domain/tell.ts";
import { timersFor } from "../jobs/timers.ts";

/** Kept in any case; used where it speaks of the version that is being rolled out. */
export const judgeOnQualityWindowClosed = reaction({
  name: "judge-on-quality-window-closed",
  on: QualityWindowClosedV1,
  emits: endpointEvents,

  gather: async (_, { replicaLiveMs }: Deps) => ({ replicaLiveMs }),

  load: ({ pipeline }, tx) => loadScene(tx, pipeline),

  decide({ pipeline, data, id }, { now, servables, ...scene }) {
    const window = { ...data, at: now };
    const cause = { eventId: id, at: now };
    if (scene.endpoint.rollout?.plan.version !== data.version) {
      return { change: undefined, window, cause, events: [] };
    }
    const view = { ...scene, quality: qualityOf(scene.known?.quality, data), now };
    const change = proceed(scene.endpoint, view);
    const moved = change.endpoint !== scene.endpoint;
    return {
      change: moved ? change : undefined,
      window,
      cause,
      events: tell(pipeline, change.outcomes, servables),
      jobs: moved ? timersFor(change.endpoint, view) : [],
    };
  },

  record: ({ change, window, cause }, tx, { pipeline }) => {
    insertQualityWindow(tx, pipeline, window);
    if (change !== undefined) saveChange(tx, change, cause);
  },
});
