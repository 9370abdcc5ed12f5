import type { Tx } from "@cascade/postgres";

/**
 * A version's status is not stored but follows from its history: the champion, a former champion, declined
 * by a person, superseded by a newer promoted version, withheld by the policy, or waiting for a person.
 */
const versionColumns = `
  m.version, m.run_id as "runId", m.evaluation_id as "evaluationId", m.approval,
  m.registered_at as "registeredAt", e.evidence -> 'primaryMetric' as "primaryMetric",
  e.evidence -> 'metrics' as metrics,
  case
    when m.version = (select c.version from champions c where c.pipeline = m.pipeline
                      order by c.sequence desc limit 1) then 'champion'
    when exists (select from champions c where c.pipeline = m.pipeline and c.version = m.version)
      then 'former-champion'
    when exists (select from approvals a where a.pipeline = m.pipeline and a.version = m.version
                 and a.answer = 'declined') then 'declined'
    when exists (select from champions c where c.pipeline = m.pipeline and c.version > m.version)
      then 'superseded'
    when exists (select from approvals a where a.pipeline = m.pipeline and a.version = m.version
                 and a.answer = 'withheld') then 'withheld'
    else 'waiting-for-approval'
  end as status`;

const versionTables = "model_versions m join evaluations e using (pipeline, evaluation_id)";

export async function listModelVersions(db: Tx, pipeline: string, page: { before: number; limit: number }) {
  const { rows } = await db.query(
    `select ${versionColumns} from ${versionTables}
     where m.pipeline = $1 and m.version < $2 order by m.version desc limit $3`,
    [pipeline, page.before, page.limit],
  );
  return rows;
}

export async function readModelVersion(db: Tx, pipeline: string, version: number) {
  const { rows } = await db.query(
    `select m.pipeline, ${versionColumns}, e.evidence -> 'candidate' as servable,
       e.evidence -> 'gates' as gates, e.evidence -> 'report' as report, e.evidence -> 'reference' as reference
     from ${versionTables} where m.pipeline = $1 and m.version = $2`,
    [pipeline, version],
  );
  return rows[0];
}

/** The champion at present, and how the alias has moved. */
export async function readChampion(db: Tx, pipeline: string, page: { before: number; limit: number }) {
  const { rows } = await db.query<{ version: number | null }>(
    `select sequence, nullif(version, 0) as version, nullif(previous_version, 0) as "previousVersion",
       decided_by as "decidedBy", reason, since, event_id as "eventId"
     from champions where pipeline = $1 and sequence < $2 order by sequence desc limit $3`,
    [pipeline, page.before, page.limit],
  );
  const { rows: present } = await db.query<{ version: number }>(
    "select version from champions where pipeline = $1 order by sequence desc limit 1",
    [pipeline],
  );
  const version = present[0]?.version ?? 0;
  if (version === 0) return undefined;
  return { pipeline, version, champion: await readModelVersion(db, pipeline, version), history: rows };
}
