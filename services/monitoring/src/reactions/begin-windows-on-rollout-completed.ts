import { RolloutCompletedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { loadScene, saveServing } from "../adapters/pipelines.ts";

/** From here on only the version that takes the traffic raises alerts. */
export const beginWindowsOnRolloutCompleted = reaction({
  name: "begin-windows-on-rollout-completed",
  on: RolloutCompletedV1,
  emits: [],

  load: ({ pipeline }, tx) => loadScene(tx, pipeline),

  decide({ id, data }, { serving }) {
    if (serving !== undefined && serving.eventId >= id) return ignore("OLDER_ROLLOUT");
    return { events: [], version: data.version, eventId: id };
  },

  record: ({ version, eventId }, tx, { pipeline }) => saveServing(tx, pipeline, version, eventId),
});
