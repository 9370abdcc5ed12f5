import type { Tx } from "@cascade/postgres";

/** The last answers of the policy, the newest first; the names of columns are the names in the answer. */
export async function readDecisions(db: Tx, pipeline: string, limit: number) {
  const { rows } = await db.query(
    `select d.decided_at as "decidedAt", d.outcome, d.reason, d.message, d.pending, d.run_id as "runId",
       r.status as "runStatus", d.trigger
     from decisions d left join runs r using (run_id)
     where d.pipeline = $1 order by d.decided_at desc, d.decision_id desc limit $2`,
    [pipeline, limit],
  );
  return rows;
}
