import { ModelVersionPromotedV1 } from "@cascade/contracts";
import { reaction } from "@cascade/messaging";
import { saveServing } from "../adapters/pipelines.ts";
import { insertVersion } from "../adapters/versions.ts";
import type { Deps } from "../deps.ts";
import { ReferenceFile, type WatchedVersion } from "../domain/watched-version.ts";

export const watchOnModelVersionPromoted = reaction({
  name: "watch-on-model-version-promoted",
  on: ModelVersionPromotedV1,
  emits: [],

  gather: async ({ data }, { store, referenceBytesMax }: Deps) => ({
    reference: await store.readJson(data.reference, ReferenceFile, { maxBytes: referenceBytesMax }),
  }),

  decide({ id, data, correlationId }, { reference }) {
    const { version, previousVersion, servable, metrics } = data;
    const watched: WatchedVersion = { version, servable, expected: metrics, reference, correlationId };
    // A promotion that goes back follows a rollback: the traffic is there already, and no rollout comes.
    const servesAgain = previousVersion !== undefined && version < previousVersion;
    return { events: [], watched, eventId: id, servesAgain };
  },

  record: async ({ watched, eventId, servesAgain }, tx, { pipeline }) => {
    insertVersion(tx, pipeline, watched);
    if (servesAgain) await saveServing(tx, pipeline, watched.version, eventId);
  },
});
