import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleRunId } from "../samples.ts";
import { identifier, TrainingSet } from "../shapes.ts";

export const TrainingRunStartedV1 = defineEvent({
  name: "training-run.started",
  version: 1,
  owner: "training",
  consumers: [],
  terminal: "progress, for people",
  summary: "The trainer has been started.",
  schema: z.object({
    runId: identifier,
    trainer: identifier,
    rowCounts: TrainingSet.shape.rowCounts,
    attempt: z.int().positive(),
  }),
  example: {
    runId: sampleRunId,
    trainer: "builtin/gbdt",
    rowCounts: { train: 7000, validation: 1500, holdout: 1500 },
    attempt: 1,
  },
});
