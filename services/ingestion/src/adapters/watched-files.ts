import type { Transaction, Tx } from "@cascade/postgres";
import type { SeenFile, Watched } from "../domain/watched-files.ts";

export async function findWatchedFiles(tx: Tx, pipeline: string, source: string): Promise<SeenFile[]> {
  const { rows } = await tx.query<{ name: string; state: string; seen_at: Date; taken: boolean }>(
    "select name, state, seen_at, taken from watched_files where pipeline = $1 and source = $2",
    [pipeline, source],
  );
  return rows.map(({ name, state, seen_at, taken }) => ({ name, state, seenAt: seen_at, taken }));
}

export function saveWatchedFiles(
  tx: Transaction,
  pipeline: string,
  source: string,
  { take, seen, gone }: Watched,
): void {
  const kept = [...take, ...seen];
  if (kept.length > 0) {
    tx.send(
      `insert into watched_files (pipeline, source, name, state, seen_at, taken)
       select $1, $2, f.name, f.state, f.seen_at, f.taken
       from unnest($3::text[], $4::text[], $5::timestamptz[], $6::boolean[]) as f (name, state, seen_at, taken)
       on conflict (pipeline, source, name)
       do update set state = excluded.state, seen_at = excluded.seen_at, taken = excluded.taken`,
      [
        pipeline,
        source,
        kept.map(({ name }) => name),
        kept.map(({ state }) => state),
        kept.map(({ seenAt }) => seenAt.toISOString()),
        kept.map(({ taken }) => taken),
      ],
    );
  }
  if (gone.length > 0) {
    tx.send("delete from watched_files where pipeline = $1 and source = $2 and name = any ($3::text[])", [
      pipeline,
      source,
      gone,
    ]);
  }
}

/** Looks come by the thousand, and nobody asks for one that is over. */
export function forgetLooks(tx: Transaction, job: string, pipeline: string): void {
  tx.send("delete from jobs where name = $1 and pipeline = $2 and status in ('succeeded', 'failed')", [
    job,
    pipeline,
  ]);
}
