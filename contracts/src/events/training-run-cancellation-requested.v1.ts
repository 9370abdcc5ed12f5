import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleRunId } from "../samples.ts";
import { identifier, sentence } from "../shapes.ts";

export const TrainingRunCancellationRequestedV1 = defineEvent({
  name: "training-run.cancellation-requested",
  version: 1,
  owner: "operator",
  consumers: ["training"],
  summary: "A person has asked to end a run before its time.",
  schema: z.object({ runId: identifier, by: identifier, reason: sentence }),
  example: { runId: sampleRunId, by: "ada", reason: "the wrong parameters" },
});
