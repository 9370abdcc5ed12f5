import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleEventId } from "../samples.ts";
import { sentence, Trigger } from "../shapes.ts";

export const TrainingRunSuppressedV1 = defineEvent({
  name: "training-run.suppressed",
  version: 1,
  owner: "training",
  consumers: [],
  terminal: "the answer to why nothing was trained",
  summary: "The trigger policy has decided not to train, and says why.",
  schema: z.object({
    trigger: Trigger,
    reason: z.enum([
      "TRIGGER_OFF",
      "TOO_FEW_NEW_ROWS",
      "NO_TRAINING_SET",
      "NO_PIPELINE",
      "COOLDOWN",
      "BUDGET_SPENT",
      "RUN_IN_PROGRESS",
      "SUPERSEDED",
      "DEBOUNCE",
    ]),
    message: sentence,
    /** True where the wish is remembered and the run starts as soon as what is missing is there. */
    pending: z.boolean(),
  }),
  example: {
    trigger: { kind: "drift", eventId: sampleEventId, reason: "2 columns drifted" },
    reason: "TOO_FEW_NEW_ROWS",
    message: "0 new rows since the last run, 1 needed",
    pending: true,
  },
});
