import type { Tx } from "@cascade/postgres";
import { storableText } from "./json-rows.ts";

const windowsShown = 50;
const pipelinesShown = 1000;

export async function listMonitored(database: Tx): Promise<string[]> {
  const { rows } = await database.query<{ pipeline: string }>(
    "select pipeline from pipelines order by pipeline limit $1",
    [pipelinesShown],
  );
  return rows.map(({ pipeline }) => pipeline);
}

/** What monitoring knows of a pipeline; undefined where it knows none of that name. */
export async function readMonitoring(database: Tx, name: string): Promise<object | undefined> {
  const pipeline = storableText(name);
  const { rows } = await database.query<{ monitoring: object }>(
    `select jsonb_build_object(
       'version', (select version from serving_versions where pipeline = $1),
       'policy', policy -> 'monitoring',
       'openWindows', (select coalesce(jsonb_agg(jsonb_build_object('version', version, 'from', opened_at,
            'predictions', predictions) order by version), '[]') from open_windows where pipeline = $1),
       'windows', (select coalesce(jsonb_agg(result order by closed_at desc, window_id desc), '[]') from (
            select result, closed_at, window_id from closed_windows where pipeline = $1 and kind = 'drift'
            order by closed_at desc, window_id desc limit $2) as w),
       'quality', (select coalesce(jsonb_agg(result order by closed_at desc, window_id desc), '[]') from (
            select result, closed_at, window_id from closed_windows where pipeline = $1 and kind = 'quality'
            order by closed_at desc, window_id desc limit $2) as w),
       'alerts', (select coalesce(jsonb_agg(jsonb_build_object('alertId', alert_id, 'kind', kind, 'severity',
            severity, 'message', message, 'version', version, 'raisedAt', raised_at)), '[]')
            from open_alerts where pipeline = $1),
       'feedback', (select coalesce(jsonb_agg(b order by b ->> 'plannedAt' desc), '[]') from (
            select jsonb_build_object('batchId', batch_id, 'status', status, 'rowCount', row_count, 'plannedAt',
              planned_at) as b
            from feedback_batches where pipeline = $1 order by planned_at desc limit $2) as f),
       'tally', (select jsonb_build_object('predictions', predictions, 'dropped', dropped, 'labelsJoined',
            labels_joined, 'labelsEarly', labels_early, 'labelsRepeated', labels_repeated, 'labelsConflicting',
            labels_conflicting) from tallies where pipeline = $1)
     ) as monitoring
     from pipelines where pipeline = $1`,
    [pipeline, windowsShown],
  );
  return rows[0]?.monitoring;
}
