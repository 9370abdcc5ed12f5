import { z } from "zod";
import { ArtifactRef } from "../artifact-ref.ts";
import { defineEvent } from "../event-definition.ts";
import { sampleLog, sampleRunId } from "../samples.ts";
import { identifier, Problem, sentence } from "../shapes.ts";

export const TrainingRunReproductionFailedV1 = defineEvent({
  name: "training-run.reproduction-failed",
  version: 1,
  owner: "training",
  consumers: [],
  terminal: "for the person who asked",
  summary: "A run could not be repeated, or what came of it is not the same.",
  schema: z.object({
    runId: identifier,
    by: identifier,
    problem: Problem,
    /** Each thing that is not the same, where it was repeated. */
    differences: z.array(sentence).max(100),
    log: ArtifactRef.optional(),
  }),
  example: {
    runId: sampleRunId,
    by: "ada",
    problem: {
      code: "NOT_REPRODUCED",
      message: "The repeated run is not the same: auc is 0.7 and was 0.71.",
      whatToDo: "Let the program take all its randomness from the seed of request.json.",
    },
    differences: ["auc is 0.7 and was 0.71"],
    log: sampleLog,
  },
});
