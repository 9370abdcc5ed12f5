import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleDatasetVersion, sampleEventId } from "../samples.ts";
import { identifier } from "../shapes.ts";

export const DatasetUnchangedV1 = defineEvent({
  name: "dataset.unchanged",
  version: 1,
  owner: "ingestion",
  consumers: [],
  terminal: "the same bytes have had their effect already",
  summary: "The batch that arrived is one that was ingested before; nothing follows from it.",
  schema: z.object({
    datasetVersion: identifier,
    ingestedBy: identifier,
    files: z.array(z.object({ uri: z.string() })),
  }),
  example: {
    datasetVersion: sampleDatasetVersion,
    ingestedBy: sampleEventId,
    files: [{ uri: "file:///data/w01.parquet" }],
  },
});
