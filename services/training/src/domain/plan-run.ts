import { AppliedSpec, TrainingSet, Trigger } from "@cascade/contracts";
import { z } from "zod";
import type { TriggerState } from "./trigger-state.ts";

const Training = AppliedSpec.shape.training;

/** Everything a run needs, fixed when it is decided: later changes of the pipeline do not reach it. */
export const PlannedRun = z.object({
  runId: z.string().min(1),
  trigger: Trigger,
  snapshotId: z.string().min(1),
  trainingSet: TrainingSet,
  newRows: z.int().nonnegative(),
  task: Training.shape.task,
  trainer: Training.shape.trainer.unwrap(),
  parameters: z.record(z.string(), z.json()),
  search: Training.shape.search,
  seed: z.int().nonnegative(),
  timeoutSeconds: z.number().positive(),
  memoryMiB: z.int().positive(),
});
export type PlannedRun = z.infer<typeof PlannedRun>;

/** Fixes what a run will do. Called only where the policy has found a pipeline and a training set. */
export function planRun(state: TriggerState, trigger: Trigger, runId: string): PlannedRun {
  const { pipeline, snapshot, newRows } = state;
  if (pipeline === undefined || snapshot === undefined) {
    throw new TypeError("A run needs a pipeline and a training set; ask decideTrigger first.");
  }
  const { task, trainer, parameters, search, seed, timeoutSeconds, memoryMiB } = pipeline.training;
  const { snapshotId, trainingSet } = snapshot;
  return {
    runId,
    trigger,
    snapshotId,
    trainingSet,
    newRows,
    task,
    trainer,
    parameters,
    ...(search === undefined ? {} : { search }),
    seed,
    timeoutSeconds,
    memoryMiB,
  };
}

/** The words that say what is started. */
export function commandLineOf(trainer: PlannedRun["trainer"]): readonly string[] {
  if (typeof trainer === "string") return [trainer];
  return trainer.image === undefined ? trainer.command : [trainer.image, ...trainer.command];
}

/** How people name a trainer. */
export function trainerName(trainer: PlannedRun["trainer"]): string {
  return commandLineOf(trainer).join(" ").slice(0, 256);
}
