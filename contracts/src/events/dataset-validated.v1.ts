import { z } from "zod";
import { ArtifactRef } from "../artifact-ref.ts";
import { defineEvent } from "../event-definition.ts";
import { Column } from "../pipeline/columns.ts";
import { sampleDatasetVersion, sampleParquet, sampleReport } from "../samples.ts";
import { count, identifier, sentence } from "../shapes.ts";

export const DatasetValidatedV1 = defineEvent({
  name: "dataset.validated",
  version: 1,
  owner: "validation",
  consumers: ["features"],
  summary: "A dataset version meets the expectations; rows that did not are in quarantine.",
  schema: z.object({
    datasetVersion: identifier,
    rows: ArtifactRef,
    rowCount: count,
    columns: z.array(Column).min(1),
    quarantined: z.object({ rows: ArtifactRef, rowCount: count }).optional(),
    report: ArtifactRef,
    warnings: z.array(sentence).max(200),
    /** The dataset version whose quarantined rows these are, corrected. */
    resubmits: identifier.optional(),
  }),
  example: {
    datasetVersion: sampleDatasetVersion,
    rows: sampleParquet,
    rowCount: 113_400,
    columns: [
      { name: "date", type: "timestamp" },
      { name: "origin", type: "string" },
    ],
    quarantined: { rows: sampleParquet, rowCount: 93 },
    report: sampleReport,
    warnings: [],
  },
});
