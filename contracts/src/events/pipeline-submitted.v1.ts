import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { identifier } from "../shapes.ts";

export const PipelineSubmittedV1 = defineEvent({
  name: "pipeline.submitted",
  version: 1,
  owner: "operator",
  consumers: ["registry"],
  summary: "A person has submitted a pipeline file.",
  schema: z.object({
    text: z.string().min(1).max(200_000),
    fileName: z.string().max(1024).optional(),
    by: identifier,
  }),
  example: { text: "pipeline: flight-delays\n", fileName: "pipeline.yaml", by: "ada" },
});
