import { z } from "zod";
import { ArtifactRef } from "../artifact-ref.ts";
import { defineNextVersion } from "../event-definition.ts";
import { DataFormat } from "../pipeline/data.ts";
import { identifier } from "../shapes.ts";
import { DataArrivedV1 } from "./data-arrived.v1.ts";

export const DataArrivedV2 = defineNextVersion(DataArrivedV1, (old) => ({ files: [old] }), {
  name: "data.arrived",
  version: 2,
  owner: "outside",
  consumers: ["ingestion"],
  summary: "New data can be fetched: one or several files that form one batch.",
  schema: z.object({
    files: z
      .array(
        z.object({
          uri: z.string().min(1).max(4096),
          format: DataFormat.optional(),
          /** Checked before use where the sender states it. */
          digest: ArtifactRef.shape.digest.optional(),
        }),
      )
      .min(1)
      .max(1000),
    /** The sender's own name of the batch, for people. */
    batch: z.string().min(1).max(200).optional(),
    /** The dataset version whose quarantined rows these are, corrected. */
    resubmits: identifier.optional(),
  }),
  example: {
    files: [{ uri: "file:///data/w01.parquet" }, { uri: "file:///data/w02.parquet" }],
    batch: "2001-W01..W02",
  },
});
