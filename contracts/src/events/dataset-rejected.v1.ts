import { z } from "zod";
import { ArtifactRef } from "../artifact-ref.ts";
import { defineEvent } from "../event-definition.ts";
import { sampleDatasetVersion, sampleReport } from "../samples.ts";
import { count, identifier, sentence } from "../shapes.ts";

export const DatasetRejectedV1 = defineEvent({
  name: "dataset.rejected",
  version: 1,
  owner: "validation",
  consumers: ["ingestion"],
  outgoing: true,
  summary: "A dataset version breaks expectations and goes no further.",
  schema: z.object({
    datasetVersion: identifier,
    violations: z
      .array(
        z.object({
          expectation: z.string().max(500),
          column: z.string().max(128).optional(),
          message: sentence,
          failedRows: count.optional(),
        }),
      )
      .min(1)
      .max(1000),
    report: ArtifactRef.optional(),
    whatToDo: sentence,
  }),
  example: {
    datasetVersion: sampleDatasetVersion,
    violations: [{ expectation: "label present", column: "delayed", message: "the column is missing" }],
    report: sampleReport,
    whatToDo: "Add the column to the data, or change data.label, and send the batch again.",
  },
});
