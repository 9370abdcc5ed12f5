import type { TrainingSet } from "@cascade/contracts";
import type { AppliedPipeline } from "./trigger-state.ts";

/**
 * Whether a training set was computed from the features that the pipeline declares now. The contents are
 * compared instead of version numbers, because a new view may arrive before the event that declares it.
 */
export function viewFits(pipeline: AppliedPipeline, set: TrainingSet): boolean {
  if (set.view !== pipeline.view || set.label !== pipeline.label) return false;
  if (set.pastDigest !== pipeline.pastDigest) return false;
  const lookedUp = new Set(set.lookups?.flatMap(({ columns }) => columns.map(({ name }) => name)));
  const ofRows = set.features.filter(({ name }) => !lookedUp.has(name));
  const declared = Object.entries(pipeline.features);
  if (declared.length !== ofRows.length) return false;
  const computed = new Map(ofRows.map((feature) => [feature.name, feature]));
  const sameFeatures = declared.every(([name, column]) => {
    const feature = computed.get(name);
    if (typeof column === "string") return feature?.sql === column;
    return feature?.sql === column.sql && feature.kind === column.kind;
  });
  return sameFeatures && set.inputColumns.every(({ name, type }) => pipeline.columns[name] === type);
}
