import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleDatasetVersion, sampleRunId } from "../samples.ts";
import { identifier } from "../shapes.ts";

export const TrainingRunReproducedV1 = defineEvent({
  name: "training-run.reproduced",
  version: 1,
  owner: "training",
  consumers: [],
  terminal: "for the person who asked",
  summary: "A run was repeated, and has given the same model with the same metrics by the same code.",
  schema: z.object({
    runId: identifier,
    by: identifier,
    modelDigest: identifier,
    codeDigest: identifier,
    metrics: z.record(z.string(), z.number()),
    durationMs: z.number().nonnegative(),
  }),
  example: {
    runId: sampleRunId,
    by: "ada",
    modelDigest: sampleDatasetVersion,
    codeDigest: sampleDatasetVersion,
    metrics: { auc: 0.71 },
    durationMs: 1811,
  },
});
