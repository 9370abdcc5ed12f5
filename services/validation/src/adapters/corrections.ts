import type { Transaction, Tx } from "@cascade/postgres";

/** The dataset version that has brought the quarantined rows of another one back already. */
export async function findCorrection(
  tx: Tx,
  pipeline: string,
  resubmits: string,
): Promise<string | undefined> {
  const { rows } = await tx.query<{ dataset_version: string }>(
    "select dataset_version from corrections where pipeline = $1 and resubmits = $2",
    [pipeline, resubmits],
  );
  return rows[0]?.dataset_version;
}

export interface Correction {
  readonly resubmits: string;
  readonly datasetVersion: string;
  readonly acceptedAt: Date;
}

export function saveCorrection(tx: Transaction, pipeline: string, correction: Correction): void {
  tx.send(
    `insert into corrections (pipeline, resubmits, dataset_version, accepted_at) values ($1, $2, $3, $4)
     on conflict (pipeline, resubmits) do nothing`,
    [pipeline, correction.resubmits, correction.datasetVersion, correction.acceptedAt],
  );
}
