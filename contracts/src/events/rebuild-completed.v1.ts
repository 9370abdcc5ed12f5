import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { count, identifier } from "../shapes.ts";

export const RebuildCompletedV1 = defineEvent({
  name: "rebuild.completed",
  version: 1,
  owner: "runtime",
  consumers: [],
  terminal: "for operators",
  summary: "A service has compared its outbox with its streams, and its consumers have begun again.",
  schema: z.object({
    service: identifier,
    /** Per stream: events of the outbox that were looked for, and those that were lost and are published again. */
    streams: z.array(z.object({ stream: identifier, verified: count, lost: count })).max(100),
    /** Consumers that have begun again: the inbox keeps what they deliver twice from having an effect twice. */
    consumers: z.array(identifier).max(1000),
  }),
  example: {
    service: "training",
    streams: [{ stream: "CASCADE_TRAINING", verified: 1204, lost: 17 }],
    consumers: ["training_decide-on-drift-detected"],
  },
});
