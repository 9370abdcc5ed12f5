import type { Transaction, Tx } from "@cascade/postgres";
import type { ChampionEntry, ChampionMove } from "../domain/champion.ts";

/** The last entry of the alias's history. The pipeline's lock is held, so that it stays the last. */
export async function findChampion(tx: Tx, pipeline: string): Promise<ChampionEntry | undefined> {
  const { rows } = await tx.query<{ sequence: number; version: number }>(
    "select sequence, version from champions where pipeline = $1 order by sequence desc limit 1",
    [pipeline],
  );
  const row = rows[0];
  return row && { sequence: row.sequence, version: row.version === 0 ? undefined : row.version };
}

export function insertChampion(
  tx: Transaction,
  pipeline: string,
  move: ChampionMove,
  cause: { readonly eventId: string; readonly at: Date },
): void {
  tx.send(
    `insert into champions (pipeline, sequence, version, previous_sequence, previous_version, decided_by,
       reason, event_id, since)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      pipeline,
      move.sequence,
      move.version ?? 0,
      move.sequence === 1 ? null : move.sequence - 1,
      move.previousVersion ?? 0,
      move.decidedBy,
      move.reason,
      cause.eventId,
      cause.at,
    ],
  );
}
