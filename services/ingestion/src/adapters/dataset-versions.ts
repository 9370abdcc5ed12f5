import type { ArtifactRef } from "@cascade/contracts";
import type { Transaction, Tx } from "@cascade/postgres";

export interface DatasetVersion {
  readonly datasetVersion: string;
  readonly demandsDigest: string;
  readonly arrivedBy: string;
  readonly rows: ArtifactRef;
  readonly rowCount: number;
  readonly files: readonly { readonly uri: string; readonly sizeBytes: number }[];
  readonly batch: string | undefined;
  readonly ingestedAt: Date;
}

/** Which event brought these rows before, under the same demands on the data. */
export async function findArrivalOf(
  tx: Tx,
  pipeline: string,
  datasetVersion: string,
  demandsDigest: string,
): Promise<string | undefined> {
  const { rows } = await tx.query<{ arrived_by: string }>(
    `select arrived_by from dataset_versions
     where pipeline = $1 and dataset_version = $2 and demands_digest = $3`,
    [pipeline, datasetVersion, demandsDigest],
  );
  return rows[0]?.arrived_by;
}

/**
 * Without `on conflict`: when another batch with the same rows was committed since they were looked up, the
 * transaction fails, and the next attempt finds that batch and reports the data as unchanged.
 */
export function insertDatasetVersion(tx: Transaction, pipeline: string, made: DatasetVersion): void {
  tx.send(
    `insert into dataset_versions (pipeline, dataset_version, demands_digest, arrived_by, rows, row_count,
       files, batch, ingested_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      pipeline,
      made.datasetVersion,
      made.demandsDigest,
      made.arrivedBy,
      JSON.stringify(made.rows),
      made.rowCount,
      JSON.stringify(made.files),
      made.batch ?? null,
      made.ingestedAt,
    ],
  );
}
