import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleRolloutId } from "../samples.ts";
import { count, identifier, versionNumber } from "../shapes.ts";

export const RolloutAdvancedV1 = defineEvent({
  name: "rollout.advanced",
  version: 1,
  owner: "deployment",
  consumers: [],
  terminal: "progress, for people",
  summary: "A step of a rollout was judged and the next one begins.",
  schema: z.object({
    rolloutId: identifier,
    version: versionNumber,
    step: z.int().positive(),
    weightPercent: z.int().min(0).max(100),
    analysis: z.object({
      verdict: z.enum(["passed", "failed", "inconclusive"]),
      requests: count,
      errors: count,
      latencyP99Ms: z.number().nonnegative().optional(),
    }),
  }),
  example: {
    rolloutId: sampleRolloutId,
    version: 2,
    step: 1,
    weightPercent: 50,
    analysis: { verdict: "passed", requests: 120, errors: 0, latencyP99Ms: 4.2 },
  },
});
