import type { Tx } from "@cascade/postgres";

/** Statements of the read side; the names of columns are the names in the answer. */

const endpointColumns = `
  e.pipeline, e.revision, e.stable_version as "stableVersion", e.newest_promoted as "newestPromoted",
  (select t.traffic from assignments t where t.pipeline = e.pipeline and t.revision = e.revision) as traffic,
  (select json_build_object('rolloutId', r.rollout_id, 'version', r.version, 'status', r.status,
     'previousVersion', r.previous_version, 'startedAt', r.started_at,
     'strategy', r.state -> 'plan' -> 'strategy', 'steps', r.state -> 'plan' -> 'steps',
     'step', r.state -> 'step', 'since', r.state -> 'since')
   from rollouts r where r.pipeline = e.pipeline and r.status in ('loading', 'observing')) as rollout`;

export async function listEndpoints(db: Tx, page: { after: string; limit: number }) {
  const { rows } = await db.query(
    `select ${endpointColumns} from endpoints e where e.pipeline > $1 order by e.pipeline limit $2`,
    [page.after, page.limit],
  );
  return rows;
}

export async function readEndpoint(db: Tx, pipeline: string, now: Date, replicaLiveMs: number) {
  const { rows } = await db.query(`select ${endpointColumns} from endpoints e where e.pipeline = $1`, [
    pipeline,
  ]);
  const endpoint = rows[0];
  if (endpoint === undefined) return undefined;
  const { rows: replicas } = await db.query(
    `select replica, last_seen as "lastSeen", last_seen > $2 as live, ready_revision as "readyRevision",
       nullif(failed_revision, 0) as "failedRevision", problem
     from replicas where pipeline = $1 order by last_seen desc limit 1000`,
    [pipeline, new Date(now.getTime() - replicaLiveMs)],
  );
  return { ...endpoint, replicas };
}

/** What served when, newest first, and the rollouts that made it so. */
export async function readHistory(db: Tx, pipeline: string, page: { before: number; limit: number }) {
  const { rows } = await db.query(
    `select a.revision, a.rollout_id as "rolloutId", a.traffic, a.reason, a.event_id as "eventId",
       a.assigned_at as "assignedAt",
       (select n.assigned_at from assignments n where n.pipeline = a.pipeline and n.revision = a.revision + 1)
         as "replacedAt",
       r.version as "rolloutVersion", r.status as "rolloutStatus", r.reason as "rolloutReason",
       r.ended_at as "rolloutEndedAt"
     from assignments a join rollouts r using (rollout_id)
     where a.pipeline = $1 and a.revision < $2 order by a.revision desc limit $3`,
    [pipeline, page.before, page.limit],
  );
  return rows;
}
