import { ArtifactRef } from "@cascade/contracts";
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

export interface Partition {
  readonly datasetVersion: string;
  readonly rows: ArtifactRef;
  readonly rowCount: number;
}

export function newestPosition({ batches }: Build): number {
  return Math.max(...batches.map(({ position }) => position));
}

export function totalRows({ batches }: Build): number {
  return batches.reduce((sum, { rowCount }) => sum + rowCount, 0);
}
