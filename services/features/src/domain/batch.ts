import { ArtifactRef, type Problem } from "@cascade/contracts";
import { z } from "zod";

/** One accepted batch, with its features where they were computed before. */
export const Batch = z.object({
  datasetVersion: z.string(),
  position: z.int(),
  rows: ArtifactRef,
  rowCount: z.int(),
  partition: ArtifactRef.nullable(),
});
export type Batch = z.infer<typeof Batch>;

/** What was computed of one batch. */
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

/** What was found out about the batches of one view in one version. */
export interface FoundPartitions {
  readonly pipeline: string;
  readonly digest: string;
  readonly batches: readonly Batch[];
  readonly partitions: readonly Partition[];
  readonly failed: readonly FailedBatch[];
}
