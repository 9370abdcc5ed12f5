import { z } from "zod";
import { ArtifactRef } from "../artifact-ref.ts";
import { defineEvent } from "../event-definition.ts";
import { Column } from "../pipeline/columns.ts";
import { sampleDatasetVersion, sampleParquet } from "../samples.ts";
import { count, identifier } from "../shapes.ts";

export const DatasetIngestedV1 = defineEvent({
  name: "dataset.ingested",
  version: 1,
  owner: "ingestion",
  consumers: ["validation"],
  summary: "A batch was fetched and stored as an immutable dataset version.",
  schema: z.object({
    /** The digest of the stored rows: the same content is the same version. */
    datasetVersion: identifier,
    rows: ArtifactRef,
    rowCount: count,
    columns: z.array(Column).min(1).max(10_000),
    files: z.array(z.object({ uri: z.string(), sizeBytes: count })),
    batch: z.string().max(200).optional(),
    /** The dataset version whose quarantined rows these are, corrected. */
    resubmits: identifier.optional(),
  }),
  example: {
    datasetVersion: sampleDatasetVersion,
    rows: sampleParquet,
    rowCount: 113_493,
    columns: [
      { name: "date", type: "timestamp" },
      { name: "origin", type: "string" },
    ],
    files: [{ uri: "file:///data/w01.parquet", sizeBytes: 1_048_576 }],
    batch: "2001-W01",
  },
});
