import type { Problem } from "@cascade/contracts";
import type { Transaction, Tx } from "@cascade/postgres";
import type { Replica } from "../domain/replicas.ts";

export interface Sighting {
  readonly replica: string;
  readonly at: Date;
  readonly readyRevision?: number;
  readonly failure?: { readonly revision: number; readonly problem: Problem };
}

export async function findReplicas(tx: Tx, pipeline: string): Promise<Replica[]> {
  const { rows } = await tx.query<{ replica: string; last_seen: Date; ready_revision: number }>(
    "select replica, last_seen, ready_revision from replicas where pipeline = $1",
    [pipeline],
  );
  return rows.map((row) => ({
    name: row.replica,
    lastSeen: row.last_seen,
    readyRevision: row.ready_revision,
  }));
}

export function saveSighting(tx: Transaction, pipeline: string, sighting: Sighting): void {
  const { replica, at, readyRevision, failure } = sighting;
  tx.send(
    `insert into replicas (pipeline, replica, last_seen, ready_revision, failed_revision, problem)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (pipeline, replica) do update set
       last_seen = greatest(replicas.last_seen, excluded.last_seen),
       ready_revision = greatest(replicas.ready_revision, excluded.ready_revision),
       failed_revision = greatest(replicas.failed_revision, excluded.failed_revision),
       problem = coalesce(excluded.problem, replicas.problem)`,
    [
      pipeline,
      replica,
      at,
      readyRevision ?? 0,
      failure?.revision ?? 0,
      failure === undefined ? null : JSON.stringify(failure.problem),
    ],
  );
}

/** Names of replicas change with each start, so that those long gone are forgotten. */
export function forgetReplicas(tx: Transaction, pipeline: string, notSeenSince: Date): void {
  tx.send("delete from replicas where pipeline = $1 and last_seen < $2", [pipeline, notSeenSince]);
}
