import { TrainingSet } from "@cascade/contracts";
import type { Transaction, Tx } from "@cascade/postgres";

export interface Snapshot {
  readonly snapshotId: string;
  readonly pipelineVersion: number;
  readonly viewDigest: string;
  readonly position: number;
  readonly trainingSet: TrainingSet;
  readonly totalRows: number;
}

/** The snapshot with the newest batch under the newest version of the pipeline. */
export async function findNewestSnapshot(tx: Tx, pipeline: string): Promise<Snapshot | undefined> {
  const { rows } = await tx.query<{
    snapshot_id: string;
    pipeline_version: number;
    view_digest: string;
    position: number;
    training_set: unknown;
    total_rows: number;
  }>(
    `select snapshot_id, pipeline_version, view_digest, position, training_set, total_rows from snapshots
     where pipeline = $1 order by pipeline_version desc, position desc, created_at desc limit 1`,
    [pipeline],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  return {
    snapshotId: row.snapshot_id,
    pipelineVersion: row.pipeline_version,
    viewDigest: row.view_digest,
    position: row.position,
    trainingSet: TrainingSet.parse(row.training_set),
    totalRows: row.total_rows,
  };
}

export function insertSnapshot(tx: Transaction, pipeline: string, snapshot: Snapshot): void {
  tx.send(
    `insert into snapshots (snapshot_id, pipeline, pipeline_version, view_digest, position, training_set, total_rows)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      snapshot.snapshotId,
      pipeline,
      snapshot.pipelineVersion,
      snapshot.viewDigest,
      snapshot.position,
      JSON.stringify(snapshot.trainingSet),
      snapshot.totalRows,
    ],
  );
}
