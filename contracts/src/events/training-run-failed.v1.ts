import { z } from "zod";
import { ArtifactRef } from "../artifact-ref.ts";
import { defineEvent } from "../event-definition.ts";
import { sampleEventId, sampleLog, sampleRunId } from "../samples.ts";
import { identifier, Problem, SearchOutcome, Trigger } from "../shapes.ts";

export const TrainingRunFailedV1 = defineEvent({
  name: "training-run.failed",
  version: 1,
  owner: "training",
  consumers: [],
  terminal: "for people, who correct the program",
  summary: "A run has ended without a model.",
  schema: z.object({
    runId: identifier,
    trigger: Trigger,
    trainer: identifier,
    problem: Problem,
    log: ArtifactRef.optional(),
    logTail: z.string().max(8000),
    attempts: z.int().positive(),
    search: SearchOutcome.optional(),
  }),
  example: {
    runId: sampleRunId,
    trigger: { kind: "request", eventId: sampleEventId, reason: "asked for by ada" },
    trainer: "python3 train.py",
    problem: {
      code: "TRAINER_FAILED",
      message: "The training program exited with 1.",
      whatToDo: "Read the log; correct the program; run cascade retrain.",
    },
    log: sampleLog,
    logTail: "ModuleNotFoundError: No module named 'sklearn'",
    attempts: 1,
  },
});
