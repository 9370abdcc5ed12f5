import { ArtifactRef } from "@cascade/contracts";
import type { Transaction, Tx } from "@cascade/postgres";
import { z } from "zod";
import type { Batch, FoundPartitions } from "../domain/batch.ts";

export interface AcceptedBatch {
  readonly datasetVersion: string;
  readonly rows: ArtifactRef;
  readonly rowCount: number;
}

/** The batch of a dataset version, held until the transaction ends. */
export async function findBatch(
  tx: Tx,
  pipeline: string,
  datasetVersion: string,
): Promise<AcceptedBatch | undefined> {
  const { rows } = await tx.query<{ rows: unknown; row_count: number }>(
    "select rows, row_count from batches where pipeline = $1 and dataset_version = $2 for update",
    [pipeline, datasetVersion],
  );
  const row = rows[0];
  return row === undefined
    ? undefined
    : { datasetVersion, rows: ArtifactRef.parse(row.rows), rowCount: row.row_count };
}

/**
 * Keeps an accepted batch. A dataset version that is accepted again with other rows, because others are in
 * quarantine now, keeps its place; what was computed of its former rows is forgotten.
 */
export function saveBatch(tx: Transaction, pipeline: string, batch: AcceptedBatch): void {
  tx.send("delete from partitions where pipeline = $1 and dataset_version = $2", [
    pipeline,
    batch.datasetVersion,
  ]);
  tx.send(
    `insert into batches (pipeline, dataset_version, rows, row_count) values ($1, $2, $3, $4)
     on conflict (pipeline, dataset_version) do update set rows = excluded.rows, row_count = excluded.row_count`,
    [pipeline, batch.datasetVersion, JSON.stringify(batch.rows), batch.rowCount],
  );
}

const BatchRow = z.object({
  dataset_version: z.string(),
  position: z.int(),
  rows: ArtifactRef,
  row_count: z.int(),
  partition: ArtifactRef.nullable(),
});

/**
 * All accepted batches in their order, each with its features under a view where they are computed already,
 * and without those whose features are known not to be computable.
 */
export async function listBatches(tx: Tx, pipeline: string, viewDigest: string): Promise<Batch[]> {
  const { rows } = await tx.query(
    `select b.dataset_version, b.position, b.rows, b.row_count, p.rows as partition
     from batches b
     left join partitions p
       on p.pipeline = b.pipeline and p.dataset_version = b.dataset_version and p.view_digest = $2
     where b.pipeline = $1 and p.problem is null order by b.position`,
    [pipeline, viewDigest],
  );
  return rows.map((found) => {
    const { dataset_version, position, rows: ref, row_count, partition } = BatchRow.parse(found);
    return { datasetVersion: dataset_version, position, rows: ref, rowCount: row_count, partition };
  });
}

/** Keeps what was found out about batches, unless their rows were exchanged meanwhile. */
export function savePartitions(
  tx: Transaction,
  { pipeline, digest, batches, partitions, failed }: FoundPartitions,
): void {
  const readFrom = new Map(batches.map(({ datasetVersion, rows }) => [datasetVersion, rows.digest]));
  for (const part of [...partitions, ...failed]) {
    const made = "problem" in part ? undefined : part;
    tx.send(
      `insert into partitions (pipeline, view_digest, dataset_version, rows, row_count, problem)
       select $1, $2, $3, $4, $5, $6 from batches
       where pipeline = $1 and dataset_version = $3 and rows ->> 'digest' = $7
       on conflict do nothing`,
      [
        pipeline,
        digest,
        part.datasetVersion,
        made === undefined ? null : JSON.stringify(made.rows),
        made?.rowCount ?? 0,
        "problem" in part ? JSON.stringify(part.problem) : null,
        readFrom.get(part.datasetVersion),
      ],
    );
  }
}
