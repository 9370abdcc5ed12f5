import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { identifier, sentence } from "../shapes.ts";

export const RetrainingRequestedV1 = defineEvent({
  name: "retraining.requested",
  version: 1,
  owner: "operator",
  consumers: ["training"],
  summary: "A person has asked for a retraining.",
  schema: z.object({ by: identifier, reason: sentence }),
  example: { by: "ada", reason: "new holiday calendar" },
});
