import { z } from "zod";
import { ArtifactRef } from "../artifact-ref.ts";
import { defineEvent } from "../event-definition.ts";
import {
  sampleDatasetVersion,
  sampleEventId,
  sampleLog,
  sampleReport,
  sampleRunId,
  sampleServableModel,
  sampleTrainingSet,
} from "../samples.ts";
import { count, identifier, SearchOutcome, ServableModel, TrainingSet, Trigger } from "../shapes.ts";

export const TrainingRunCompletedV1 = defineEvent({
  name: "training-run.completed",
  version: 1,
  owner: "training",
  consumers: ["evaluation"],
  summary: "A run has produced a candidate model.",
  schema: z.object({
    runId: identifier,
    trigger: Trigger,
    trainer: identifier,
    /** Digest of the trainer's program, so that a run can be repeated. */
    codeDigest: identifier,
    parameters: z.record(z.string(), z.json()),
    seed: count,
    candidate: ServableModel,
    trainingSet: TrainingSet,
    metrics: z.record(z.string(), z.number()),
    /** Rows and the trainer's own answers, compared with the model's in the evaluation. */
    samplePredictions: ArtifactRef.optional(),
    log: ArtifactRef,
    /** Where the parameters were searched for: `parameters` are then those of the best trial. */
    search: SearchOutcome.optional(),
    durationMs: z.number().nonnegative(),
  }),
  example: {
    runId: sampleRunId,
    trigger: { kind: "new-data", eventId: sampleEventId, reason: "10000 new rows" },
    trainer: "builtin/gbdt",
    codeDigest: sampleDatasetVersion,
    parameters: { leaves: 31 },
    seed: 1,
    candidate: sampleServableModel,
    trainingSet: sampleTrainingSet,
    metrics: { auc: 0.71 },
    samplePredictions: sampleReport,
    log: sampleLog,
    search: {
      method: "tpe",
      metric: "auc",
      goal: "maximize",
      endedBy: "trials",
      trials: { completed: 17, stopped: 2, failed: 1 },
      best: 11,
      report: sampleReport,
    },
    durationMs: 1830,
  },
});
