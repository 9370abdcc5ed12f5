import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { identifier, sentence } from "../shapes.ts";

export const RebuildRequestedV1 = defineEvent({
  name: "rebuild.requested",
  version: 1,
  owner: "operator",
  consumers: "all",
  summary:
    "A person has asked every service to publish again what streams have lost, and to consume again what it may have missed.",
  schema: z.object({ by: identifier, reason: sentence }),
  example: { by: "ada", reason: "the broker's disk was restored from a backup" },
});
