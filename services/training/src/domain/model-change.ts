import type { AppliedPipeline } from "./trigger-state.ts";

/** Whether two versions of a pipeline are trained on the same rows, split in the same way. */
export function sameTrainingSet(a: AppliedPipeline, b: AppliedPipeline): boolean {
  return canonical(setParts(a)) === canonical(setParts(b));
}

/** Whether two versions of a pipeline give the same model; what starts a training is no part of it. */
export function sameModel(a: AppliedPipeline, b: AppliedPipeline): boolean {
  return canonical(modelParts(a)) === canonical(modelParts(b));
}

function setParts({
  view,
  label,
  eventTime,
  key,
  columns,
  features,
  pastDigest,
  training,
}: AppliedPipeline): object {
  const { split, window, seed } = training;
  // Without an event time the seed is what the rows are split by.
  return { view, label, eventTime, key, columns, features, pastDigest, split, window: window ?? null, seed };
}

function modelParts(pipeline: AppliedPipeline): object {
  const { task, trainer, parameters, search } = pipeline.training;
  if (search === undefined) return { set: setParts(pipeline), task, trainer, parameters };
  // How many trials run at once changes nothing but the time they take.
  const { parallel: _, ...searched } = search;
  return { set: setParts(pipeline), task, trainer, parameters, search: searched };
}

/** The same text whatever order the keys are in: a database keeps an order of its own. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
