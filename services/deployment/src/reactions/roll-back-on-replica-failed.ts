import { ReplicaFailedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { loadScene } from "../adapters/load-scene.ts";
import { saveSighting } from "../adapters/replicas.ts";
import { saveChange } from "../adapters/save-change.ts";
import { failReplica } from "../domain/fail-replica.ts";
import { staleness } from "../domain/staleness.ts";
import { endpointEvents, tell } from "../domain/tell.ts";

export const rollBackOnReplicaFailed = reaction({
  name: "roll-back-on-replica-failed",
  on: ReplicaFailedV1,
  emits: endpointEvents,

  load: ({ pipeline }, tx) => loadScene(tx, pipeline),

  decide({ pipeline, data, id }, { endpoint, servables, now }) {
    const stale = staleness(endpoint, data.revision);
    if (stale !== undefined) return ignore(stale);
    const { replica, revision, problem } = data;
    const change = failReplica(endpoint, data, now);
    return {
      change,
      sighting: { replica, at: now, failure: { revision, problem } },
      cause: { eventId: id, at: now },
      events: tell(pipeline, change.outcomes, servables),
    };
  },

  record: ({ change, sighting, cause }, tx, { pipeline }) => {
    saveSighting(tx, pipeline, sighting);
    saveChange(tx, change, cause);
  },
});
