import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleRolloutId } from "../samples.ts";
import { count, identifier, sentence, versionNumber } from "../shapes.ts";

export const RolloutRolledBackV1 = defineEvent({
  name: "rollout.rolled-back",
  version: 1,
  owner: "deployment",
  consumers: ["registry"],
  outgoing: true,
  summary: "A rollout was given up; the version before it takes all traffic again.",
  schema: z.object({
    rolloutId: identifier,
    version: versionNumber,
    previousVersion: versionNumber.optional(),
    reason: sentence,
    analysis: z
      .object({
        verdict: z.enum(["passed", "failed", "inconclusive"]),
        requests: count,
        errors: count,
        latencyP99Ms: z.number().nonnegative().optional(),
      })
      .optional(),
  }),
  example: {
    rolloutId: sampleRolloutId,
    version: 2,
    previousVersion: 1,
    reason: "error share 0.2 above 0.01",
    analysis: { verdict: "failed", requests: 120, errors: 24 },
  },
});
