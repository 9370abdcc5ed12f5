import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleDatasetVersion } from "../samples.ts";
import { identifier, Problem } from "../shapes.ts";

export const FeatureViewFailedV1 = defineEvent({
  name: "feature-view.failed",
  version: 1,
  owner: "features",
  consumers: [],
  terminal: "for people, who correct the pipeline",
  summary: "The features of a batch could not be computed.",
  schema: z.object({ datasetVersion: identifier, problem: Problem, viewDigest: identifier.optional() }),
  example: {
    datasetVersion: sampleDatasetVersion,
    problem: {
      code: "SQL_REFUSED",
      message: "feature hour: no function named huor",
      whatToDo: "Correct features.columns and apply the pipeline again.",
    },
  },
});
