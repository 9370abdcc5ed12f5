import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { RolloutStep } from "../pipeline/operation.ts";
import { sampleRolloutId } from "../samples.ts";
import { identifier, versionNumber } from "../shapes.ts";

export const RolloutStartedV1 = defineEvent({
  name: "rollout.started",
  version: 1,
  owner: "deployment",
  consumers: [],
  terminal: "progress, for people",
  summary: "A promoted version begins to take traffic.",
  schema: z.object({
    rolloutId: identifier,
    version: versionNumber,
    previousVersion: versionNumber.optional(),
    strategy: z.enum(["direct", "canary"]),
    steps: z.array(RolloutStep),
  }),
  example: {
    rolloutId: sampleRolloutId,
    version: 2,
    previousVersion: 1,
    strategy: "canary",
    steps: [{ weightPercent: 20, minRequests: 50, minSeconds: 0 }],
  },
});
