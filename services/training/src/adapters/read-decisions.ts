import type { Tx } from "@cascade/postgres";
import { jobNames } from "../domain/consequences.ts";

/** The last answers of the policy, the newest first; the names of columns are the names in the answer. */
export async function readDecisions(db: Tx, pipeline: string, limit: number) {
  const { rows } = await db.query(
    `select d.decided_at as "decidedAt", d.outcome, d.reason, d.message, d.pending, d.run_id as "runId",
       case when r.status = 'running' and j.status = 'queued' then 'queued' else r.status end as "runStatus",
       d.trigger
     from decisions d left join runs r using (run_id)
       left join jobs j on j.name = '${jobNames.runTraining}' and j.key = d.run_id
     where d.pipeline = $1 order by d.decided_at desc, d.decision_id desc limit $2`,
    [pipeline, limit],
  );
  return rows;
}
