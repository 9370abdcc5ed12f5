import type { DataOf, EvaluationPassedV1 } from "@cascade/contracts";

/** What a passed evaluation proves; kept whole, for a promotion long afterwards and for the lineage. */
export type Evidence = DataOf<typeof EvaluationPassedV1>;

export interface ModelVersion {
  readonly version: number;
  readonly evidence: Evidence;
}
