import type { Database, Transaction } from "@cascade/postgres";
import { jobNames } from "../domain/consequences.ts";

/** Sets how many runs may be under way at once, over all replicas; where there may be more now, queued ones begin. */
export async function saveRunsMax(database: Database, runsMax: number): Promise<void> {
  await database.transaction(async (tx) => {
    tx.send(
      `insert into run_limit (runs_max) values ($1) on conflict (is_only) do update set runs_max = excluded.runs_max`,
      [runsMax],
    );
    startQueuedRuns(tx);
  });
}

/**
 * Who decides what may begin or end a run holds the queue until the transaction ends: two that counted at the same
 * time would both take the last place.
 */
export function holdQueue(tx: Transaction): void {
  tx.send("select runs_max from run_limit for update");
}

/** Lets the runs that have waited longest begin, as many as there are places. */
export function startQueuedRuns(tx: Transaction): void {
  tx.send(
    `with next as (
       update runs set status = 'running' where run_id in (
         select run_id from runs where status = 'queued' order by requested_at, run_id
         limit (select greatest(runs_max - (select count(*) from runs where status = 'running'), 0) from run_limit))
       returning run_id
     )
     update jobs set not_before = now()
     where name = $1 and status = 'queued' and key in (select run_id from next)`,
    [jobNames.runTraining],
  );
}
