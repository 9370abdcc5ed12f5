import { ArtifactRef, Problem } from "@cascade/contracts";
import { z } from "zod";

/** The best value that a trial had shown up to a step: one for each checkpoint that it reached. */
const Curve = z.array(z.tuple([z.int().nonnegative(), z.number()])).max(100);
export type Curve = z.infer<typeof Curve>;

export const Parameters = z.record(z.string(), z.json());
export type Parameters = z.infer<typeof Parameters>;

/** What a trial has left for the run, where it may be the best. */
const TrialModel = z.object({
  model: ArtifactRef,
  classes: z.array(z.string()).exactOptional(),
  samplePredictions: ArtifactRef.exactOptional(),
});

/** One choice of parameters, tried. A stopped one was worse than others at the same step, or out of time. */
export const Trial = z.object({
  number: z.int().nonnegative(),
  parameters: Parameters,
  outcome: z.enum(["completed", "stopped", "failed"]),
  /** What the search compares; none where the trial did not come to it. */
  value: z.number().optional(),
  metrics: z.record(z.string(), z.number()).optional(),
  curve: Curve.optional(),
  problem: Problem.optional(),
  log: ArtifactRef.optional(),
  logTail: z.string().optional(),
  /** Kept only where it was the best at its end: models are large, and the others are not needed. */
  kept: TrialModel.optional(),
  beganAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
});
export type Trial = z.infer<typeof Trial>;

export type Goal = "minimize" | "maximize";

/** Smaller is better. A trial without a value is worse than any with one. */
export function lossOf({ outcome, value }: Pick<Trial, "outcome" | "value">, goal: Goal): number {
  if (outcome !== "completed" || value === undefined) return Number.POSITIVE_INFINITY;
  return goal === "minimize" ? value : -value;
}

/** The trial whose model goes on; of equals the earlier one, whichever of them ended first. */
export function bestTrial(trials: readonly Trial[], goal: Goal): Trial | undefined {
  let best: Trial | undefined;
  for (const trial of trials) if (isBetter(trial, best, goal)) best = trial;
  return best;
}

export function isBetter(trial: Trial, than: Trial | undefined, goal: Goal): boolean {
  const loss = lossOf(trial, goal);
  if (loss === Number.POSITIVE_INFINITY) return false;
  const other = than === undefined ? Number.POSITIVE_INFINITY : lossOf(than, goal);
  return loss < other || (loss === other && than !== undefined && trial.number < than.number);
}
