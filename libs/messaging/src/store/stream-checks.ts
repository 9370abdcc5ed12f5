import type { Tx } from "@cascade/postgres";

/** When it was last found that a stream still holds what was published to it. */
export async function lastStreamCheck(tx: Tx, stream: string): Promise<Date | undefined> {
  const { rows } = await tx.query<{ checked_at: Date }>(
    "select checked_at from stream_checks where stream = $1",
    [stream],
  );
  return rows[0]?.checked_at;
}

/** `startedAt` is the database's own time before the check began. */
export async function saveStreamCheck(tx: Tx, stream: string, startedAt: Date): Promise<void> {
  await tx.query(
    `insert into stream_checks (stream, checked_at) values ($1, $2)
     on conflict (stream) do update set checked_at = greatest(stream_checks.checked_at, excluded.checked_at)`,
    [stream, startedAt],
  );
}

export async function databaseTime(tx: Tx): Promise<Date> {
  const { rows } = await tx.query<{ now: Date }>("select now()");
  return rows[0]?.now ?? new Date(0);
}
