import type { Metrics } from "@cascade/contracts";
import type { Transaction, Tx } from "@cascade/postgres";
import type { Answers } from "../domain/analysis.ts";
import type { QualityWindow } from "../domain/quality.ts";

export interface StepWindow extends Answers {
  readonly replica: string;
  readonly eventId: string;
  readonly latencyP99Ms: number;
}

export function insertStepWindow(
  tx: Transaction,
  pipeline: string,
  revision: number,
  window: StepWindow,
): void {
  tx.send(
    `insert into step_windows (pipeline, revision, event_id, replica, requests, errors, latency_p99_ms)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [pipeline, revision, window.eventId, window.replica, window.requests, window.errors, window.latencyP99Ms],
  );
}

/**
 * What the new version answered at a revision. Percentiles of windows cannot be added up: told is the
 * lowest latency that the windows of 95 % of the requests stay within. One slow request after loading does
 * not decide it, one slow replica among a few does.
 */
export async function sumAnswers(tx: Tx, pipeline: string, revision: number): Promise<Answers> {
  const { rows } = await tx.query<{ requests: number; errors: number; latency_p99_ms: number | null }>(
    `with ranked as (
       select requests, errors, latency_p99_ms,
         sum(requests) over (order by latency_p99_ms rows unbounded preceding) as reached,
         sum(requests) over () as total
       from step_windows where pipeline = $1 and revision = $2
     )
     select coalesce(sum(requests), 0)::bigint as requests, coalesce(sum(errors), 0)::bigint as errors,
       min(latency_p99_ms) filter (where total > 0 and reached >= 0.95 * total) as latency_p99_ms
     from ranked`,
    [pipeline, revision],
  );
  const row = rows[0];
  const latency = row?.latency_p99_ms ?? undefined;
  return {
    requests: row?.requests ?? 0,
    errors: row?.errors ?? 0,
    ...(latency === undefined ? {} : { latencyP99Ms: latency }),
  };
}

export function insertQualityWindow(
  tx: Transaction,
  pipeline: string,
  window: QualityWindow & { windowId: string; version: number; at: Date },
): void {
  tx.send(
    `insert into quality_windows (pipeline, window_id, version, labels, metrics, expected, closed_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [
      pipeline,
      window.windowId,
      window.version,
      window.labels,
      JSON.stringify(window.metrics),
      JSON.stringify(window.expected),
      window.at,
    ],
  );
}

export async function findQualityWindow(
  tx: Tx,
  pipeline: string,
  version: number,
  since: Date,
): Promise<QualityWindow | undefined> {
  const { rows } = await tx.query<{ labels: number; metrics: Metrics; expected: Metrics }>(
    `select labels, metrics, expected from quality_windows
     where pipeline = $1 and version = $2 and closed_at >= $3 order by closed_at desc limit 1`,
    [pipeline, version, since],
  );
  return rows[0];
}
