import { ArtifactRef, Column } from "@cascade/contracts";
import type { Transaction, Tx } from "@cascade/postgres";
import { z } from "zod";

export interface DatasetVersion {
  readonly datasetVersion: string;
  readonly demandsDigest: string;
  readonly arrivedBy: string;
  readonly rows: ArtifactRef;
  readonly rowCount: number;
  readonly files: readonly { readonly uri: string; readonly sizeBytes: number }[];
  readonly columns: readonly Column[];
  readonly bytesDigest: string | undefined;
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
     where pipeline = $1 and dataset_version = $2 and demands_digest = $3 and rejected_at is null`,
    [pipeline, datasetVersion, demandsDigest],
  );
  return rows[0]?.arrived_by;
}

/** The version that was made of the same bytes before, under the same demands on the data. */
export async function findVersionOfBytes(
  tx: Tx,
  pipeline: string,
  bytesDigest: string,
  demandsDigest: string,
): Promise<{ datasetVersion: string; arrivedBy: string } | undefined> {
  const { rows } = await tx.query<{ dataset_version: string; arrived_by: string }>(
    `select dataset_version, arrived_by from dataset_versions
     where pipeline = $1 and bytes_digest = $2 and demands_digest = $3 and rejected_at is null
     order by ingested_at limit 1`,
    [pipeline, bytesDigest, demandsDigest],
  );
  return rows[0] && { datasetVersion: rows[0].dataset_version, arrivedBy: rows[0].arrived_by };
}

/** The rows of a dataset version of the pipeline, also where it was rejected. */
export async function findStoredRows(
  tx: Tx,
  pipeline: string,
  datasetVersion: string,
): Promise<ArtifactRef | undefined> {
  const { rows } = await tx.query<{ rows: unknown }>(
    "select rows from dataset_versions where pipeline = $1 and dataset_version = $2 limit 1",
    [pipeline, datasetVersion],
  );
  return rows[0] && ArtifactRef.parse(rows[0].rows);
}

/** The columns of the newest version that was not rejected; none where there is none yet. */
export async function findNewestColumns(tx: Tx, pipeline: string): Promise<Column[]> {
  const { rows } = await tx.query<{ columns: unknown }>(
    `select columns from dataset_versions where pipeline = $1 and rejected_at is null
     order by ingested_at desc limit 1`,
    [pipeline],
  );
  return rows[0] === undefined ? [] : z.array(Column).parse(rows[0].columns);
}

/**
 * Without `on conflict`: when another batch with the same rows was committed since they were looked up, the
 * transaction fails, and the next attempt finds that batch and reports the data as unchanged.
 */
export function insertDatasetVersion(tx: Transaction, pipeline: string, made: DatasetVersion): void {
  tx.send(
    `insert into dataset_versions (pipeline, dataset_version, demands_digest, arrived_by, rows, row_count,
       files, batch, ingested_at, columns, bytes_digest) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
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
      JSON.stringify(made.columns),
      made.bytesDigest ?? null,
    ],
  );
}

/** From now on the same rows are another version, and what their columns were binds nobody. */
export function forgetRejectedVersion(
  tx: Transaction,
  pipeline: string,
  datasetVersion: string,
  rejectedAt: Date,
): void {
  tx.send(
    `update dataset_versions set rejected_at = $3
     where pipeline = $1 and dataset_version = $2 and rejected_at is null`,
    [pipeline, datasetVersion, rejectedAt],
  );
}
