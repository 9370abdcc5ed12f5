import { ArtifactRef } from "@cascade/contracts";
import type { Transaction, Tx } from "@cascade/postgres";

export interface AcceptedDataset {
  readonly datasetVersion: string;
  readonly rows: ArtifactRef;
  readonly acceptedAt: Date;
}

/** The rows that were accepted last of some pipelines, by pipeline. */
export async function findAcceptedRows(
  tx: Tx,
  pipelines: readonly string[],
): Promise<ReadonlyMap<string, ArtifactRef>> {
  const { rows } = await tx.query<{ pipeline: string; rows: unknown }>(
    "select pipeline, rows from accepted_datasets where pipeline = any($1)",
    [pipelines],
  );
  return new Map(rows.map((row) => [row.pipeline, ArtifactRef.parse(row.rows)]));
}

export function saveAcceptedDataset(tx: Transaction, pipeline: string, accepted: AcceptedDataset): void {
  tx.send(
    `insert into accepted_datasets (pipeline, dataset_version, rows, accepted_at) values ($1, $2, $3, $4)
     on conflict (pipeline) do update set dataset_version = excluded.dataset_version, rows = excluded.rows,
       accepted_at = excluded.accepted_at`,
    [pipeline, accepted.datasetVersion, JSON.stringify(accepted.rows), accepted.acceptedAt],
  );
}
