import type { Transaction, Tx } from "@cascade/postgres";
import type { KnownCode } from "../domain/code-look.ts";

export async function findCode(tx: Tx, pipeline: string): Promise<KnownCode | undefined> {
  const { rows } = await tx.query<KnownCode>(
    "select trainer, base_digest as base, seen_digest as seen from code_looks where pipeline = $1",
    [pipeline],
  );
  return rows[0];
}

export function saveCode(tx: Transaction, pipeline: string, { trainer, base, seen }: KnownCode): void {
  tx.send(
    `insert into code_looks (pipeline, trainer, base_digest, seen_digest) values ($1, $2, $3, $4)
     on conflict (pipeline) do update set trainer = excluded.trainer, base_digest = excluded.base_digest,
       seen_digest = excluded.seen_digest`,
    [pipeline, JSON.stringify(trainer), base, seen],
  );
}

/** Timers come again and again; those that are over need not be kept. */
export function forgetTimers(tx: Transaction, job: string, pipeline: string): void {
  tx.send("delete from jobs where name = $1 and pipeline = $2 and status in ('succeeded', 'failed')", [
    job,
    pipeline,
  ]);
}
