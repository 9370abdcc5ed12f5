import { ArtifactRef } from "@cascade/contracts";
import type { Tx } from "@cascade/postgres";
import type { Batch, Partition } from "../domain/build.ts";

export interface AcceptedBatch {
  readonly datasetVersion: string;
  readonly rows: ArtifactRef;
  readonly rowCount: number;
}

/** Keeps an accepted batch; the same dataset version is the same batch. */
export async function insertBatch(tx: Tx, pipeline: string, batch: AcceptedBatch): Promise<void> {
  await tx.query(
    `insert into batches (pipeline, dataset_version, rows, row_count) values ($1, $2, $3, $4)
     on conflict (pipeline, dataset_version) do nothing`,
    [pipeline, batch.datasetVersion, JSON.stringify(batch.rows), batch.rowCount],
  );
}

/** All accepted batches in their order, each with its features under a view where they are computed already. */
export async function listBatches(tx: Tx, pipeline: string, viewDigest: string): Promise<Batch[]> {
  const { rows } = await tx.query<{
    dataset_version: string;
    position: number;
    rows: unknown;
    row_count: number;
    partition: unknown;
  }>(
    `select b.dataset_version, b.position, b.rows, b.row_count, p.rows as partition
     from batches b
     left join partitions p
       on p.pipeline = b.pipeline and p.dataset_version = b.dataset_version and p.view_digest = $2
     where b.pipeline = $1 order by b.position`,
    [pipeline, viewDigest],
  );
  return rows.map((row) => ({
    datasetVersion: row.dataset_version,
    position: row.position,
    rows: ArtifactRef.parse(row.rows),
    rowCount: row.row_count,
    partition: row.partition === null ? null : ArtifactRef.parse(row.partition),
  }));
}

export async function insertPartitions(
  tx: Tx,
  pipeline: string,
  viewDigest: string,
  partitions: readonly Partition[],
): Promise<void> {
  for (const { datasetVersion, rows, rowCount } of partitions) {
    await tx.query(
      `insert into partitions (pipeline, view_digest, dataset_version, rows, row_count) values ($1, $2, $3, $4, $5)
       on conflict do nothing`,
      [pipeline, viewDigest, datasetVersion, JSON.stringify(rows), rowCount],
    );
  }
}
