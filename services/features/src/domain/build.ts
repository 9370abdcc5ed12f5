import { ArtifactRef, type Problem } from "@cascade/contracts";
import { z } from "zod";
import { View } from "./view.ts";

/** One accepted batch, with its features where they were computed before. */
export const Batch = z.object({
  datasetVersion: z.string(),
  position: z.int(),
  rows: ArtifactRef,
  rowCount: z.int(),
  partition: ArtifactRef.nullable(),
});
export type Batch = z.infer<typeof Batch>;

/** A training set to be built: everything that was accepted when it was planned. */
export const Build = z.object({
  pipelineVersion: z.int(),
  view: View,
  viewDigest: z.string(),
  /** The batch that is new; null where only the pipeline has changed. */
  newVersion: z.string().nullable(),
  newRows: z.int().nonnegative(),
  batches: z.array(Batch).min(1),
});
export type Build = z.infer<typeof Build>;

/** The features of one batch. */
export interface Partition {
  readonly datasetVersion: string;
  readonly rows: ArtifactRef;
  readonly rowCount: number;
}

/** A batch whose features cannot be computed. */
export interface FailedBatch {
  readonly datasetVersion: string;
  readonly problem: Problem;
}

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
