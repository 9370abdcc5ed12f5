import type { Database } from "@cascade/postgres";

const rowsAtOnce = 10_000;

export interface Retention {
  readonly retentionHours: number;
  readonly predictionsMax: number;
}

/**
 * Deletes predictions and labels that are too old or too many, in small transactions so that nobody waits
 * for them. Rows of a batch that is still to be written stay.
 */
export async function forgetOld(
  database: Database,
  { retentionHours, predictionsMax }: Retention,
): Promise<number> {
  const predictions = await untilNone(async () => {
    const { rowCount } = await database.query(
      `delete from predictions where ctid = any(array(
         select p.ctid from predictions as p
         where (p.received_at < now() - make_interval(secs => $1::float8 * 3600)
             or p.received_at < (select received_at from predictions order by received_at desc offset $2 limit 1))
           and not exists (select from feedback_batches as b
             where b.batch_id = p.batch_id and b.status = 'planned')
         order by p.received_at limit $3))`,
      [retentionHours, predictionsMax, rowsAtOnce],
    );
    return rowCount;
  });
  const labels = await untilNone(async () => {
    const { rowCount } = await database.query(
      `delete from early_labels where ctid = any(array(
         select ctid from early_labels
         where received_at < now() - make_interval(secs => $1::float8 * 3600)
         order by received_at limit $2))`,
      [retentionHours, rowsAtOnce],
    );
    return rowCount;
  });
  const windows = await database.query(
    "delete from closed_windows where closed_at < now() - make_interval(secs => $1::float8 * 3600)",
    [retentionHours],
  );
  return predictions + labels + windows.rowCount;
}

async function untilNone(deleteSome: () => Promise<number>): Promise<number> {
  let total = 0;
  for (let some = rowsAtOnce; some === rowsAtOnce; total += some) some = await deleteSome();
  return total;
}
