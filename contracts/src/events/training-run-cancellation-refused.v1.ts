import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleRunId } from "../samples.ts";
import { identifier, Problem } from "../shapes.ts";

export const TrainingRunCancellationRefusedV1 = defineEvent({
  name: "training-run.cancellation-refused",
  version: 1,
  owner: "training",
  consumers: [],
  terminal: "for the person who asked",
  summary: "A run could not be cancelled: there is none of the name, or it is over.",
  schema: z.object({ runId: identifier, by: identifier, problem: Problem }),
  example: {
    runId: sampleRunId,
    by: "ada",
    problem: {
      code: "RUN_OVER",
      message: "The run completed at 2026-03-01T12:00:03.000Z; there is nothing to cancel.",
      whatToDo: "To have its model no longer serve, run cascade rollback.",
    },
  },
});
