import { DatasetIngestedV1, DatasetRejectedV1, defineNextVersion } from "@cascade/contracts";
import { z } from "zod";
import { reaction } from "../reaction.ts";
import { effectsReaction, insertEffect, rejected } from "./world-for-test.ts";

/** The next version of an event, as a build knows it that comes after this one. */
export const DatasetIngestedV2 = defineNextVersion(
  DatasetIngestedV1,
  ({ datasetVersion }) => ({ datasets: [datasetVersion] }),
  {
    name: "dataset.ingested",
    version: 2,
    owner: "ingestion",
    consumers: ["validation"],
    summary: "Several dataset versions were stored at once.",
    schema: z.object({ datasets: z.array(z.string()).min(1) }),
    example: { datasets: ["sha256:1", "sha256:2"] },
  },
);

/** The same reaction as that of this build, by its name and so by its durable, written against the next version. */
export const nextEffectsReaction = reaction({
  name: effectsReaction.name,
  on: DatasetIngestedV2,
  emits: [DatasetRejectedV1],
  decide: ({ id, pipeline, data }) => ({
    id,
    events: [rejected(pipeline, data.datasets.join("+"))],
  }),
  record: ({ id }, tx) => insertEffect(tx, id),
});
