import type { DeadLetterReason } from "@cascade/contracts";
import type { Transaction, Tx } from "@cascade/postgres";
import { storable } from "../storable.ts";

/** An event as it came from the broker, byte for byte. */
export interface RawEvent {
  readonly subject: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly payload: Uint8Array;
}

export interface DeadLetter extends RawEvent {
  readonly deadLetterId: string;
  readonly consumer: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly reason: DeadLetterReason;
  readonly error: { readonly name: string; readonly code?: string; readonly message: string };
  readonly attempts: number;
}

/** Records a dead letter; the same event of the same consumer keeps its first id. Returns that id. */
export async function upsertDeadLetter(tx: Tx, letter: DeadLetter): Promise<string> {
  const { rows } = await tx.query<{ dead_letter_id: string }>(
    `insert into dead_letters (dead_letter_id, consumer, event_id, event_type, subject, headers, payload, reason,
                               error, attempts)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (consumer, event_id) do update
       set error = excluded.error, reason = excluded.reason, attempts = dead_letters.attempts + excluded.attempts,
           status = 'open', recorded_at = now()
     returning dead_letter_id`,
    [
      letter.deadLetterId,
      letter.consumer,
      letter.eventId,
      letter.eventType,
      storable(letter.subject),
      JSON.stringify(letter.headers.map((pair) => pair.map(storable))),
      Buffer.from(letter.payload),
      letter.reason,
      JSON.stringify(letter.error),
      letter.attempts,
    ],
  );
  return rows[0]?.dead_letter_id ?? letter.deadLetterId;
}

interface DeadLetterRow {
  readonly dead_letter_id: string;
  readonly consumer: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly subject: string;
  readonly headers: [string, string][];
  readonly payload: Uint8Array;
  readonly reason: DeadLetterReason;
  readonly error: DeadLetter["error"];
  readonly attempts: number;
}

/** An open dead letter, locked until the transaction ends: a second redrive waits and then finds none. */
export async function lockOpenDeadLetter(tx: Tx, deadLetterId: string): Promise<DeadLetter | undefined> {
  const { rows } = await tx.query<DeadLetterRow>(
    "select * from dead_letters where dead_letter_id = $1 and status = 'open' for update",
    [deadLetterId],
  );
  return rows[0] === undefined ? undefined : fromRow(rows[0]);
}

export async function findOpenDeadLetter(tx: Tx, deadLetterId: string): Promise<DeadLetter | undefined> {
  const { rows } = await tx.query<DeadLetterRow>(
    "select * from dead_letters where dead_letter_id = $1 and status = 'open'",
    [deadLetterId],
  );
  return rows[0] === undefined ? undefined : fromRow(rows[0]);
}

/** Parked events of the types given, oldest first. */
export async function listParked(
  tx: Tx,
  consumer: string,
  eventTypes: readonly string[],
  limit: number,
): Promise<DeadLetter[]> {
  const { rows } = await tx.query<DeadLetterRow>(
    `select * from dead_letters
     where consumer = $1 and status = 'open' and reason = 'unsupported-version' and event_type = any($2)
     order by recorded_at limit $3`,
    [consumer, eventTypes, limit],
  );
  return rows.map(fromRow);
}

export function closeDeadLetter(tx: Transaction, deadLetterId: string): void {
  tx.send("update dead_letters set status = 'redriven', redriven_at = now() where dead_letter_id = $1", [
    deadLetterId,
  ]);
}

function fromRow(row: DeadLetterRow): DeadLetter {
  return {
    deadLetterId: row.dead_letter_id,
    consumer: row.consumer,
    eventId: row.event_id,
    eventType: row.event_type,
    subject: row.subject,
    headers: row.headers,
    payload: row.payload,
    reason: row.reason,
    error: row.error,
    attempts: row.attempts,
  };
}
