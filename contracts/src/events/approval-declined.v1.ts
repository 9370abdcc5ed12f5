import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { identifier, sentence, versionNumber } from "../shapes.ts";

export const ApprovalDeclinedV1 = defineEvent({
  name: "approval.declined",
  version: 1,
  owner: "operator",
  consumers: ["registry"],
  summary: "A person has declined the promotion of a model version.",
  schema: z.object({ version: versionNumber, by: identifier, reason: sentence }),
  example: { version: 2, by: "ada", reason: "worse on short flights" },
});
