import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { identifier, sentence } from "../shapes.ts";

export const RollbackRequestedV1 = defineEvent({
  name: "rollback.requested",
  version: 1,
  owner: "operator",
  consumers: ["deployment"],
  summary: "A person has asked to return to the version that served before.",
  schema: z.object({ by: identifier, reason: sentence }),
  example: { by: "ada", reason: "complaints from the desk" },
});
