import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleRolloutId } from "../samples.ts";
import { identifier, versionNumber } from "../shapes.ts";

export const RolloutCompletedV1 = defineEvent({
  name: "rollout.completed",
  version: 1,
  owner: "deployment",
  consumers: ["monitoring"],
  outgoing: true,
  summary: "A promoted version takes all traffic, and every replica serves it.",
  schema: z.object({
    rolloutId: identifier,
    version: versionNumber,
    replicas: z.array(identifier).min(1),
    durationMs: z.number().nonnegative(),
  }),
  example: { rolloutId: sampleRolloutId, version: 2, replicas: ["serving-1"], durationMs: 640 },
});
