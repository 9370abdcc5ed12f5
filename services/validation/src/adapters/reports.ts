import type { ArtifactRef } from "@cascade/contracts";
import type { Transaction, Tx } from "@cascade/postgres";

export interface ReportRow {
  readonly datasetVersion: string;
  readonly demandsDigest: string;
  readonly outcome: "validated" | "rejected";
  readonly report: ArtifactRef | undefined;
  readonly rowCount: number;
  readonly quarantinedRows: number;
  readonly violations: number;
  readonly decidedAt: Date;
}

/** How many rows of a dataset version were set aside. */
export async function countQuarantined(tx: Tx, pipeline: string, datasetVersion: string): Promise<number> {
  const { rows } = await tx.query<{ count: string }>(
    `select coalesce(max(quarantined_rows), 0)::text as count from reports
     where pipeline = $1 and dataset_version = $2 and outcome = 'validated'`,
    [pipeline, datasetVersion],
  );
  return Number(rows[0]?.count ?? 0);
}

export function saveReport(tx: Transaction, pipeline: string, row: ReportRow): void {
  tx.send(
    `insert into reports (pipeline, dataset_version, demands_digest, outcome, report, row_count,
       quarantined_rows, violations, decided_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (pipeline, dataset_version, demands_digest) do update set outcome = excluded.outcome,
       report = excluded.report, row_count = excluded.row_count, quarantined_rows = excluded.quarantined_rows,
       violations = excluded.violations, decided_at = excluded.decided_at`,
    [
      pipeline,
      row.datasetVersion,
      row.demandsDigest,
      row.outcome,
      row.report === undefined ? null : JSON.stringify(row.report),
      row.rowCount,
      row.quarantinedRows,
      row.violations,
      row.decidedAt,
    ],
  );
}
