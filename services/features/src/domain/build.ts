import { createHash } from "node:crypto";
import { z } from "zod";
import { Batch, type FailedBatch } from "./batch.ts";
import { type PlannedLookup, ViewHistory } from "./lookups.ts";
import { View } from "./view.ts";

/** A training set to be built: everything that was accepted when it was planned. */
export const Build = z.object({
  /** Whose training set it is, where another pipeline's change is the reason; else that of the event. */
  joiner: z.string().optional(),
  pipelineVersion: z.int(),
  view: View,
  viewDigest: z.string(),
  /** The batch that is new; null where only the pipeline has changed. */
  newVersion: z.string().nullable(),
  newRows: z.int().nonnegative(),
  batches: z.array(Batch).min(1),
  /** The views of the pipeline that remember, and those of others that it joins. */
  histories: z.array(ViewHistory).default([]),
});
export type Build = z.infer<typeof Build>;

/** The newest batch that a training set could hold, whether its features could be computed or not. */
export function newestPosition({ batches }: Build): number {
  return Math.max(...batches.map(({ position }) => position));
}

/** The batches that the training window lets in; one that fails among them is not made up for. */
export function batchesInWindow({ batches, view }: Pick<Build, "batches" | "view">): readonly Batch[] {
  return view.windowBatches === null ? batches : batches.slice(-view.windowBatches);
}

/** The rows of the batches that a training set is made of. */
export function totalRows(build: Build, failed: readonly FailedBatch[]): number {
  const left = new Set(failed.map(({ datasetVersion }) => datasetVersion));
  return batchesInWindow(build).reduce(
    (sum, { datasetVersion, rowCount }) => (left.has(datasetVersion) ? sum : sum + rowCount),
    0,
  );
}

/** The version of what the model sees: that of the expressions, and of all views that values are looked up in. */
export function versionOf(
  { viewDigest }: Pick<Build, "viewDigest">,
  lookups: readonly PlannedLookup[],
): string {
  if (lookups.length === 0) return viewDigest;
  const parts = lookups.map(({ history, on, ttlMs, values, aggregates }) => {
    const picks = aggregates.map(({ name, from }) => [name, from.name]);
    return [history.pipeline, history.digest, on, ttlMs, values, picks];
  });
  return `sha256:${createHash("sha256")
    .update(JSON.stringify([viewDigest, parts]))
    .digest("hex")}`;
}
