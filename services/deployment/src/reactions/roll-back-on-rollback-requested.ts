import { RollbackRequestedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { findStable } from "../adapters/endpoints.ts";
import { loadScene } from "../adapters/load-scene.ts";
import { saveChange } from "../adapters/save-change.ts";
import { findServables } from "../adapters/servables.ts";
import { requestRollback } from "../domain/request-rollback.ts";
import { endpointEvents, tell } from "../domain/tell.ts";

export const rollBackOnRollbackRequested = reaction({
  name: "roll-back-on-rollback-requested",
  on: RollbackRequestedV1,
  emits: endpointEvents,

  load: async ({ pipeline }, tx) => {
    const { endpoint, servables } = await loadScene(tx, pipeline);
    const earlier = endpoint.stable?.rollout.plan.previousVersion;
    return {
      endpoint,
      before: earlier === undefined ? undefined : await findStable(tx, pipeline, earlier),
      servables: new Map([...servables, ...(await findServables(tx, pipeline, [earlier]))]),
    };
  },

  decide({ pipeline, data, id }, { endpoint, before, servables, now }) {
    const change = requestRollback(endpoint, { ...data, before, now });
    if ("ignored" in change) return ignore(change.ignored);
    return {
      change,
      cause: { eventId: id, at: now },
      events: tell(pipeline, change.outcomes, servables),
    };
  },

  record: ({ change, cause }, tx) => saveChange(tx, change, cause),
});
