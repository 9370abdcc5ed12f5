import type { Transaction, Tx } from "@cascade/postgres";
import type { Position } from "./positions.ts";

export interface Receipt {
  readonly eventId: string;
  readonly eventType: string;
  readonly pipeline: string;
  readonly position: Position;
}

/**
 * The first statement of every transaction: marks events as received, with their places, and returns the ids that
 * are new. One that is known gets its new place: where it was delivered again, it may be the last that was handled.
 * Sorted, so that two replicas with the same events wait for one another instead of deadlocking.
 */
export async function insertInbox(
  tx: Tx,
  consumer: string,
  receipts: readonly Receipt[],
): Promise<Set<string>> {
  // The last of those with the same id: a statement may change a row once.
  const sorted = [...new Map(receipts.map((receipt) => [receipt.eventId, receipt])).values()].sort((a, b) =>
    a.eventId < b.eventId ? -1 : 1,
  );
  const { rows } = await tx.query<{ event_id: string; is_new: boolean }>(
    `insert into inbox (consumer, event_id, event_type, pipeline, outcome, sequence, stored_at)
     select $1, e.id, e.type, e.pipeline, 'handled', e.sequence, e.stored_at
     from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[])
       as e (id, type, pipeline, sequence, stored_at)
     on conflict (consumer, event_id) do update
       set sequence = excluded.sequence, stored_at = excluded.stored_at, repeated_at = now()
     returning event_id, xmax = 0 as is_new`,
    [
      consumer,
      sorted.map((receipt) => receipt.eventId),
      sorted.map((receipt) => receipt.eventType),
      sorted.map((receipt) => receipt.pipeline),
      sorted.map((receipt) => receipt.position.sequence),
      sorted.map((receipt) => receipt.position.storedAt),
    ],
  );
  return new Set(rows.filter((row) => row.is_new).map((row) => row.event_id));
}

export function markInbox(
  tx: Transaction,
  consumer: string,
  eventId: string,
  outcome: "ignored" | "dead" | "parked" | "handled",
  reason: string | null,
): void {
  tx.send("update inbox set outcome = $3, reason = $4 where consumer = $1 and event_id = $2", [
    consumer,
    eventId,
    outcome,
    reason,
  ]);
}

/** Counts a failed attempt and returns how many there are now. */
export async function countAttempt(
  tx: Tx,
  consumer: string,
  eventId: string,
  error: string,
): Promise<number> {
  const { rows } = await tx.query<{ attempts: number }>(
    `insert into inbox_attempts (consumer, event_id, attempts, last_error) values ($1, $2, 1, $3)
     on conflict (consumer, event_id) do update
       set attempts = inbox_attempts.attempts + 1, last_error = excluded.last_error, updated_at = now()
     returning attempts`,
    [consumer, eventId, error],
  );
  return rows[0]?.attempts ?? 1;
}

export function forgetAttempts(tx: Transaction, consumer: string, eventIds: readonly string[]): void {
  tx.send("delete from inbox_attempts where consumer = $1 and event_id = any($2)", [consumer, eventIds]);
}

/**
 * Serialises the effects on a pipeline within a service. Sorted, so that transactions cannot deadlock. What
 * follows on the connection waits behind it.
 */
export function lockPipelines(tx: Transaction, pipelines: Iterable<string>): void {
  const sorted = [...new Set(pipelines)].sort();
  tx.send(
    `select pg_advisory_xact_lock(hashtextextended(current_schema() || '/' || p, 0))
     from unnest($1::text[]) with ordinality as t (p, n) order by n`,
    [sorted],
  );
}

export async function deleteOldInbox(tx: Tx, retentionMs: number): Promise<number> {
  const { rowCount } = await tx.query(
    "delete from inbox where handled_at < now() - make_interval(secs => $1::float8 / 1000)",
    [retentionMs],
  );
  return rowCount;
}
