import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleTrainingSet } from "../samples.ts";
import { count, identifier, TrainingSet } from "../shapes.ts";

export const FeatureViewMaterializedV1 = defineEvent({
  name: "feature-view.materialized",
  version: 1,
  owner: "features",
  consumers: ["training"],
  summary: "The features of a new batch are computed and the training set is renewed.",
  schema: z.object({
    snapshotId: identifier,
    trainingSet: TrainingSet,
    newRows: count,
    totalRows: count,
    replacedRows: count
      .optional()
      .describe("Rows of totalRows that are left out, because newer ones have the same data.key."),
  }),
  example: {
    snapshotId: "0199a4c0-7f30-7000-8000-000000000005",
    trainingSet: sampleTrainingSet,
    newRows: 10_000,
    totalRows: 10_000,
  },
});
