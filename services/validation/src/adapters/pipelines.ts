import type { Transaction, Tx } from "@cascade/postgres";
import { z } from "zod";
import { Demands, type JudgedPipeline } from "../domain/demands.ts";

const StoredPipeline = z.object({ version: z.int(), demands: Demands, demands_digest: z.string() });

export async function findPipeline(tx: Tx, pipeline: string): Promise<JudgedPipeline | undefined> {
  const { rows } = await tx.query(
    "select version, demands, demands_digest from pipelines where pipeline = $1",
    [pipeline],
  );
  if (rows[0] === undefined) return undefined;
  const { version, demands, demands_digest } = StoredPipeline.parse(rows[0]);
  return { version, demands, demandsDigest: demands_digest };
}

/** Keeps a version of a pipeline unless a newer one is there already. */
export function savePipeline(tx: Transaction, pipeline: string, applied: JudgedPipeline): void {
  tx.send(
    `insert into pipelines (pipeline, version, demands, demands_digest) values ($1, $2, $3, $4)
     on conflict (pipeline) do update set version = excluded.version, demands = excluded.demands,
       demands_digest = excluded.demands_digest
     where pipelines.version < excluded.version`,
    [pipeline, applied.version, JSON.stringify(applied.demands), applied.demandsDigest],
  );
}
