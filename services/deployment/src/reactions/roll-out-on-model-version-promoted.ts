import { ModelVersionPromotedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { loadScene } from "../adapters/load-scene.ts";
import { saveChange } from "../adapters/save-change.ts";
import { insertServable } from "../adapters/servables.ts";
import type { Deps } from "../deps.ts";
import { promote } from "../domain/promote.ts";
import { endpointEvents, tell } from "../domain/tell.ts";
import { pipelineUnknown } from "../errors.ts";
import { timersFor } from "../jobs/timers.ts";

export const rollOutOnModelVersionPromoted = reaction({
  name: "roll-out-on-model-version-promoted",
  on: ModelVersionPromotedV1,
  emits: endpointEvents,

  gather: async (_, { replicaLiveMs }: Deps) => ({ replicaLiveMs }),

  load: ({ pipeline }, tx) => loadScene(tx, pipeline),

  decide({ pipeline, data, id }, { now, newId, ...scene }) {
    // Without its plan a canary would go out to everybody: the event is tried again until the plan is known.
    if (scene.known === undefined) throw pipelineUnknown(pipeline);
    const { version, servable } = data;
    const settings = scene.known.deployment;
    const change = promote(scene.endpoint, { version, settings, rolloutId: newId(), now });
    if ("ignored" in change) return ignore(change.ignored);
    const servables = new Map([...scene.servables, [version, servable]]);
    return {
      change,
      servable: { version, servable, eventId: id, at: now },
      events: tell(pipeline, change.outcomes, servables),
      jobs: timersFor(change.endpoint, { ...scene, answers: { requests: 0, errors: 0 }, now }),
    };
  },

  record: ({ change, servable }, tx, { pipeline }) => {
    insertServable(tx, pipeline, servable);
    saveChange(tx, change, servable);
  },
});
