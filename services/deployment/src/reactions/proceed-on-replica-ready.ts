import { ReplicaReadyV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { loadScene } from "../adapters/load-scene.ts";
import { forgetReplicas, saveSighting } from "../adapters/replicas.ts";
import { saveChange } from "../adapters/save-change.ts";
import type { Deps } from "../deps.ts";
import { proceed } from "../domain/proceed.ts";
import { withSighting } from "../domain/replicas.ts";
import { staleness } from "../domain/staleness.ts";
import { endpointEvents, tell } from "../domain/tell.ts";
import { timersFor } from "../jobs/timers.ts";

const forgottenAfterMs = 24 * 3_600_000;

export const proceedOnReplicaReady = reaction({
  name: "proceed-on-replica-ready",
  on: ReplicaReadyV1,
  emits: endpointEvents,

  gather: async (_, { replicaLiveMs }: Deps) => ({ replicaLiveMs }),

  load: ({ pipeline }, tx) => loadScene(tx, pipeline),

  decide({ pipeline, data, id }, { now, servables, ...scene }) {
    const stale = staleness(scene.endpoint, data.revision);
    if (stale !== undefined) return ignore(stale);
    const sighting = { replica: data.replica, at: now, readyRevision: data.revision };
    const view = { ...scene, replicas: withSighting(scene.replicas, sighting), now };
    const change = proceed(scene.endpoint, view);
    return {
      change,
      sighting,
      cause: { eventId: id, at: now },
      forgetBefore: new Date(now.getTime() - Math.max(forgottenAfterMs, scene.replicaLiveMs)),
      events: tell(pipeline, change.outcomes, servables),
      jobs: timersFor(change.endpoint, view),
    };
  },

  record: ({ change, sighting, cause, forgetBefore }, tx, { pipeline }) => {
    saveSighting(tx, pipeline, sighting);
    forgetReplicas(tx, pipeline, forgetBefore);
    saveChange(tx, change, cause);
  },
});
