import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleEventId, sampleRunId } from "../samples.ts";
import { identifier, sentence, Trigger } from "../shapes.ts";

export const TrainingRunCancelledV1 = defineEvent({
  name: "training-run.cancelled",
  version: 1,
  owner: "training",
  consumers: [],
  terminal: "for people: one of them has ended the run",
  summary: "A run has been ended by a person before its time, and has left no model.",
  schema: z.object({
    runId: identifier,
    trigger: Trigger,
    trainer: identifier,
    by: identifier,
    reason: sentence,
    /** False where the run was still queued. */
    started: z.boolean(),
  }),
  example: {
    runId: sampleRunId,
    trigger: { kind: "new-data", eventId: sampleEventId, reason: "10000 new rows" },
    trainer: "python3 train.py",
    by: "ada",
    reason: "the wrong parameters",
    started: true,
  },
});
