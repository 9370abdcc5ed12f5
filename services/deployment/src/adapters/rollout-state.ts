import { RolloutStep } from "@cascade/contracts";
import { z } from "zod";
import type { Rollout } from "../domain/rollout.ts";

const date = z.coerce.date();
const plan = z.object({
  rolloutId: z.string(),
  version: z.number(),
  previousVersion: z.number().exactOptional(),
  strategy: z.enum(["direct", "canary"]),
  steps: z.array(RolloutStep),
  maxErrorShare: z.number(),
  maxLatencyP99Ms: z.number().exactOptional(),
  replicaTimeoutMs: z.number(),
  startedAt: date,
});
const progress = { plan, step: z.number(), revision: z.number(), since: date };

/** A rollout as its row keeps it. */
const RolloutState: z.ZodType<Rollout> = z.discriminatedUnion("status", [
  z.object({ status: z.literal("loading"), ...progress }),
  z.object({ status: z.literal("observing"), ...progress }),
  z.object({ status: z.literal("completed"), plan, endedAt: date }),
  z.object({ status: z.literal("rolled-back"), plan, endedAt: date, reason: z.string() }),
]);

export function readRolloutState(state: unknown): Rollout {
  return RolloutState.parse(state);
}
