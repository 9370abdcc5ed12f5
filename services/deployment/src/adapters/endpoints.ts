import type { Tx } from "@cascade/postgres";
import { type Endpoint, newEndpoint, type Stable } from "../domain/endpoint.ts";
import { readRolloutState } from "./rollout-state.ts";

/** An endpoint with its rollout, if there is one. The pipeline's lock is held while it changes. */
export async function findEndpoint(tx: Tx, pipeline: string): Promise<Endpoint> {
  const { rows } = await tx.query<{
    revision: number;
    newest_promoted: number;
    active: unknown;
    stable: unknown;
  }>(
    `select e.revision, e.newest_promoted, a.state as active, s.state as stable
     from endpoints e
     left join rollouts a on a.pipeline = e.pipeline and a.status in ('loading', 'observing')
     left join rollouts s on s.rollout_id = e.stable_rollout_id
     where e.pipeline = $1`,
    [pipeline],
  );
  const row = rows[0];
  if (row === undefined) return newEndpoint(pipeline);
  const rollout = row.active === null ? undefined : readRolloutState(row.active);
  return {
    pipeline,
    revision: row.revision,
    newestPromoted: row.newest_promoted,
    rollout: rollout?.status === "loading" || rollout?.status === "observing" ? rollout : undefined,
    stable: stableOf(row.stable),
  };
}

/** What had all traffic before a version did: the last completed rollout of that version. */
export async function findStable(tx: Tx, pipeline: string, version: number): Promise<Stable | undefined> {
  const { rows } = await tx.query<{ state: unknown }>(
    `select state from rollouts where pipeline = $1 and version = $2 and status = 'completed'
     order by started_at desc limit 1`,
    [pipeline, version],
  );
  return stableOf(rows[0]?.state ?? null);
}

function stableOf(state: unknown): Stable | undefined {
  if (state === null) return undefined;
  const rollout = readRolloutState(state);
  return rollout.status === "completed" ? { version: rollout.plan.version, rollout } : undefined;
}
