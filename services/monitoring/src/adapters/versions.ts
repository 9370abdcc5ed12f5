import type { Transaction, Tx } from "@cascade/postgres";
import { WatchedVersion } from "../domain/watched-version.ts";

export async function findVersions(
  tx: Tx,
  pipeline: string,
  versions: readonly number[],
): Promise<Map<number, WatchedVersion>> {
  const { rows } = await tx.query(
    `select version, servable, expected, reference, correlation_id as "correlationId"
     from versions where pipeline = $1 and version = any($2::integer[])`,
    [pipeline, [...new Set(versions)]],
  );
  return new Map(rows.map((row) => WatchedVersion.parse(row)).map((version) => [version.version, version]));
}

/** A version never changes: what its first promotion said holds for later ones too. */
export function insertVersion(tx: Transaction, pipeline: string, version: WatchedVersion): void {
  tx.send(
    `insert into versions (pipeline, version, servable, expected, reference, correlation_id)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [
      pipeline,
      version.version,
      JSON.stringify(version.servable),
      JSON.stringify(version.expected),
      JSON.stringify(version.reference),
      version.correlationId,
    ],
  );
}
