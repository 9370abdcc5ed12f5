import type { Transaction, Tx } from "@cascade/postgres";
import type { Freshness } from "../domain/freshness.ts";

export async function findFreshness(tx: Tx, pipeline: string): Promise<Freshness | undefined> {
  const { rows } = await tx.query<{
    newest_time: Date;
    chain: string;
    reported_at: Date | null;
    is_stale: boolean;
  }>("select newest_time, chain, reported_at, is_stale from freshness where pipeline = $1 for update", [
    pipeline,
  ]);
  const [row] = rows;
  if (row === undefined) return undefined;
  const { newest_time: newestTime, chain, reported_at: reportedAt, is_stale: isStale } = row;
  return { newestTime, chain, reportedAt, isStale };
}

export function saveFreshness(tx: Transaction, pipeline: string, freshness: Freshness): void {
  tx.send(
    `insert into freshness (pipeline, newest_time, chain, reported_at, is_stale) values ($1, $2, $3, $4, $5)
     on conflict (pipeline) do update
       set newest_time = excluded.newest_time, chain = excluded.chain, reported_at = excluded.reported_at,
           is_stale = excluded.is_stale`,
    [pipeline, freshness.newestTime, freshness.chain, freshness.reportedAt, freshness.isStale],
  );
}
