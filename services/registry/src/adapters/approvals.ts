import type { Transaction, Tx } from "@cascade/postgres";
import type { Candidate } from "../domain/approval.ts";

export async function findCandidate(
  tx: Tx,
  pipeline: string,
  version: number,
): Promise<Candidate | undefined> {
  const { rows } = await tx.query<{
    version: number;
    promoted_before: boolean;
    declined: boolean;
    newest_promoted: number | null;
  }>(
    `select m.version,
       exists (select from champions c where c.pipeline = $1 and c.version = m.version) as promoted_before,
       exists (select from approvals a
               where a.pipeline = $1 and a.version = m.version and a.answer = 'declined') as declined,
       (select max(c.version) from champions c where c.pipeline = $1) as newest_promoted
     from model_versions m where m.pipeline = $1 and m.version = $2`,
    [pipeline, version],
  );
  const row = rows[0];
  return (
    row && {
      version: row.version,
      promotedBefore: row.promoted_before,
      declined: row.declined,
      newestPromoted: row.newest_promoted ?? undefined,
    }
  );
}

export interface Answer {
  readonly version: number;
  readonly answer: "requested" | "given" | "declined" | "withheld";
  readonly decidedBy: string;
  readonly reason: string;
  readonly eventId: string;
  readonly at: Date;
}

export function insertApproval(tx: Transaction, pipeline: string, answer: Answer): void {
  tx.send(
    `insert into approvals (pipeline, version, answer, decided_by, reason, event_id, decided_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [pipeline, answer.version, answer.answer, answer.decidedBy, answer.reason, answer.eventId, answer.at],
  );
}
