import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { identifier } from "../shapes.ts";

export const DeadLetterRedrivenV1 = defineEvent({
  name: "dead-letter.redriven",
  version: 1,
  owner: "runtime",
  consumers: [],
  terminal: "for operators",
  summary: "A dead letter has been handled once more, with success.",
  schema: z.object({ deadLetterId: identifier, service: identifier, by: identifier }),
  example: { deadLetterId: "0199a4c0-7f30-7000-8000-000000000004", service: "training", by: "ada" },
});
