import type { ServableModel } from "@cascade/contracts";
import type { Transaction, Tx } from "@cascade/postgres";
import type { Servables } from "../domain/tell.ts";

export function insertServable(
  tx: Transaction,
  pipeline: string,
  row: { version: number; servable: ServableModel; eventId: string; at: Date },
): void {
  tx.send(
    `insert into servables (pipeline, version, servable, promoted_at, event_id) values ($1, $2, $3, $4, $5)
     on conflict (pipeline, version) do nothing`,
    [pipeline, row.version, JSON.stringify(row.servable), row.at, row.eventId],
  );
}

export async function findServables(
  tx: Tx,
  pipeline: string,
  versions: readonly (number | undefined)[],
): Promise<Servables> {
  const { rows } = await tx.query<{ version: number; servable: ServableModel }>(
    "select version, servable from servables where pipeline = $1 and version = any($2)",
    [pipeline, versions.filter((version) => version !== undefined)],
  );
  return new Map(rows.map(({ version, servable }) => [version, servable]));
}
