import type { Transaction, Tx } from "@cascade/postgres";
import { View } from "../domain/view.ts";

export interface KnownPipeline {
  readonly version: number;
  readonly view: View;
  readonly viewDigest: string;
}

export async function findPipeline(tx: Tx, pipeline: string): Promise<KnownPipeline | undefined> {
  const { rows } = await tx.query<{ version: number; view: unknown; view_digest: string }>(
    "select version, view, view_digest from pipelines where pipeline = $1",
    [pipeline],
  );
  const row = rows[0];
  return row === undefined
    ? undefined
    : { version: row.version, view: View.parse(row.view), viewDigest: row.view_digest };
}

/** Keeps a version of a pipeline; an older one never replaces a newer one. */
export function savePipeline(tx: Transaction, pipeline: string, known: KnownPipeline): void {
  tx.send(
    `insert into pipelines (pipeline, version, view, view_digest) values ($1, $2, $3, $4)
     on conflict (pipeline) do update
       set version = excluded.version, view = excluded.view, view_digest = excluded.view_digest, applied_at = now()
       where pipelines.version <= excluded.version`,
    [pipeline, known.version, JSON.stringify(known.view), known.viewDigest],
  );
}
