import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleEventId, sampleRunId } from "../samples.ts";
import { count, identifier, Trigger } from "../shapes.ts";

export const TrainingRunRequestedV1 = defineEvent({
  name: "training-run.requested",
  version: 1,
  owner: "training",
  consumers: [],
  terminal: "training itself starts the run in the same transaction",
  summary: "The trigger policy has decided that a model is to be trained.",
  schema: z.object({
    runId: identifier,
    trigger: Trigger,
    snapshotId: identifier,
    trainer: identifier,
    newRows: count,
    /** Where the run has to wait for others: how many wait before it, and how many may be under way at once. */
    queue: z.object({ ahead: count, runsMax: z.int().positive() }).optional(),
  }),
  example: {
    runId: sampleRunId,
    trigger: { kind: "new-data", eventId: sampleEventId, reason: "10000 new rows" },
    snapshotId: "0199a4c0-7f30-7000-8000-000000000005",
    trainer: "builtin/gbdt",
    newRows: 10_000,
  },
});
