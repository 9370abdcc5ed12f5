import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { identifier } from "../shapes.ts";

export const DeadLetterRedriveRequestedV1 = defineEvent({
  name: "dead-letter.redrive-requested",
  version: 1,
  owner: "operator",
  consumers: "all",
  summary: "A person has asked to handle a dead letter once more.",
  schema: z.object({ deadLetterId: identifier, service: identifier, by: identifier }),
  example: { deadLetterId: "0199a4c0-7f30-7000-8000-000000000004", service: "training", by: "ada" },
});
