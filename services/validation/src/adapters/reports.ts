import type { ArtifactRef } from "@cascade/contracts";
import type { Transaction } from "@cascade/postgres";

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
