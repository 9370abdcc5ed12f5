import type { Tx } from "@cascade/postgres";

/** A place in a stream, and the time at which the broker stored what is there. */
export interface Position {
  readonly sequence: number;
  readonly storedAt: Date;
}

export async function findPosition(tx: Tx, consumer: string): Promise<Position | undefined> {
  const { rows } = await tx.query<{ sequence: number; stored_at: Date }>(
    "select sequence, stored_at from consumer_positions where consumer = $1",
    [consumer],
  );
  return rows[0] && { sequence: rows[0].sequence, storedAt: rows[0].stored_at };
}

export async function savePosition(
  tx: Tx,
  consumer: string,
  stream: string,
  { sequence, storedAt }: Position,
): Promise<void> {
  await tx.query(
    `insert into consumer_positions (consumer, stream, sequence, stored_at) values ($1, $2, $3, $4)
     on conflict (consumer) do update
       set stream = excluded.stream, sequence = excluded.sequence, stored_at = excluded.stored_at, noted_at = now()`,
    [consumer, stream, sequence, storedAt],
  );
}
