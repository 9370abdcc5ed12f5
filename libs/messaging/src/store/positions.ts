import type { Tx } from "@cascade/postgres";

/** A place in a stream, and the time at which the broker stored what is there. */
export interface Position {
  readonly sequence: number;
  readonly storedAt: Date;
}

/** How far a consumer has come, and with which durable of the broker. */
export interface Progress {
  readonly position: Position;
  /** In the broker's words. Undefined where it was never noted; empty where none that is there may be trusted. */
  readonly durableCreated: string | undefined;
  /** Whether anything was ever handled: from then on the inbox may have forgotten some of it. */
  readonly hasHandled: boolean;
}

/**
 * The furthest event that a consumer has handled since its durable began, as it was noted or as the inbox knows it.
 * The inbox is read from a minute before the note: what was under way then has long ended. `durable` is the consumer's
 * name at the broker, `consumer` the one in the inbox.
 */
export async function findProgress(
  tx: Tx,
  { durable, consumer }: { readonly durable: string; readonly consumer: string },
): Promise<Progress | undefined> {
  const { rows } = await tx.query<{
    sequence: number;
    stored_at: Date;
    durable_created: string | null;
    has_begun_again: boolean;
  }>(
    `select p.durable_created, p.began_at > '-infinity' as has_begun_again,
       coalesce(i.sequence, p.sequence) as sequence, coalesce(i.stored_at, p.stored_at) as stored_at
     from (
       select *, greatest(began_at, noted_at - interval '1 minute') as since from consumer_positions
     ) p
     left join lateral (
       select sequence, stored_at from inbox
       where consumer = $2 and sequence > p.sequence
         and (handled_at > p.since or repeated_at > p.since)
       order by sequence desc limit 1
     ) i on true
     where p.consumer = $1`,
    [durable, consumer],
  );
  const row = rows[0];
  return (
    row && {
      position: { sequence: row.sequence, storedAt: row.stored_at },
      durableCreated: row.durable_created ?? undefined,
      hasHandled: row.has_begun_again || row.sequence > 0,
    }
  );
}

/** Notes a place, unless another replica has noted one that lies further. */
export async function savePosition(
  tx: Tx,
  durable: string,
  stream: string,
  { sequence, storedAt }: Position,
): Promise<void> {
  await tx.query(
    `insert into consumer_positions (consumer, stream, sequence, stored_at) values ($1, $2, $3, $4)
     on conflict (consumer) do update
       set stream = excluded.stream, sequence = excluded.sequence, stored_at = excluded.stored_at, noted_at = now()
       where consumer_positions.sequence <= excluded.sequence`,
    [durable, stream, sequence, storedAt],
  );
}

/** Notes which durable the broker has for a consumer from now on. */
export async function saveDurable(
  tx: Tx,
  durable: string,
  stream: string,
  durableCreated: string,
): Promise<void> {
  await tx.query(
    `insert into consumer_positions (consumer, stream, sequence, stored_at, durable_created)
     values ($1, $2, 0, now(), $3)
     on conflict (consumer) do update set stream = excluded.stream, durable_created = excluded.durable_created`,
    [durable, stream, durableCreated],
  );
}

/**
 * A consumer begins again: what it has handled says nothing of its place any more. Where its durable is condemned, none
 * that is there is its own; otherwise another replica may have made and noted a new one by now.
 */
export async function forgetPosition(
  tx: Tx,
  durable: string,
  stream: string,
  isCondemned: boolean,
): Promise<void> {
  await tx.query(
    `insert into consumer_positions (consumer, stream, sequence, stored_at, durable_created, began_at)
     values ($1, $2, 0, now(), case when $3 then '' end, now())
     on conflict (consumer) do update
       set stream = excluded.stream, sequence = 0, stored_at = now(), noted_at = now(), began_at = now(),
           durable_created = coalesce(excluded.durable_created, consumer_positions.durable_created)`,
    [durable, stream, isCondemned],
  );
}
