import { ModelVersionPromotedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { findChampion, saveChampion } from "../adapters/tables.ts";
import { promotionOrder } from "../domain/champion-guard.ts";
import { evaluationErrors } from "../errors.ts";

export const keepChampionOnModelVersionPromoted = reaction({
  name: "keep-champion-on-model-version-promoted",
  on: ModelVersionPromotedV1,
  emits: [],

  load: async ({ pipeline }, tx) => ({ known: await findChampion(tx, pipeline) }),

  decide({ data }, { known }) {
    const { version, servable, metrics } = data;
    const order = promotionOrder(known?.version, data);
    switch (order) {
      case "next":
        return { events: [], champion: { version, servable, metrics } };
      case "outdated":
        return ignore("OLDER_PROMOTION");
      case "early":
        // Tried again until the promotion it follows has arrived.
        throw evaluationErrors.promotionEarly(version, data.previousVersion ?? 0);
      default:
        return order satisfies never;
    }
  },

  record: ({ champion }, tx, { pipeline }) => saveChampion(tx, pipeline, champion),
});
