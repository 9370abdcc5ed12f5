import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleRunId } from "../samples.ts";
import { identifier } from "../shapes.ts";

export const TrainingRunReproductionRequestedV1 = defineEvent({
  name: "training-run.reproduction-requested",
  version: 1,
  owner: "operator",
  consumers: ["training"],
  summary: "A person has asked to repeat a run from its lineage.",
  schema: z.object({ runId: identifier, by: identifier }),
  example: { runId: sampleRunId, by: "ada" },
});
