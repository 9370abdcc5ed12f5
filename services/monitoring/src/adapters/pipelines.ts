import type { Transaction, Tx } from "@cascade/postgres";
import { z } from "zod";
import type { Alert } from "../domain/alerts.ts";
import { MonitoringPolicy } from "../domain/monitoring-policy.ts";

/** What every decision about a pipeline needs to know. */
export interface Scene {
  readonly policy: MonitoringPolicy | undefined;
  readonly policyVersion: number | undefined;
  readonly serving: { readonly version: number; readonly eventId: string } | undefined;
  readonly alerts: { readonly drift: Alert | undefined; readonly quality: Alert | undefined };
}

const SceneRow = z.object({
  policy: MonitoringPolicy.nullable(),
  policyVersion: z.int().nullable(),
  serving: z.object({ version: z.int(), eventId: z.string() }).nullable(),
  alerts: z.array(
    z.object({
      alertId: z.string(),
      kind: z.enum(["drift", "quality"]),
      severity: z.enum(["warning", "critical"]),
      message: z.string(),
      version: z.int(),
    }),
  ),
});

export async function loadScene(tx: Tx, pipeline: string): Promise<Scene> {
  const { rows } = await tx.query(
    `select
       (select policy from pipelines where pipeline = $1) as policy,
       (select version from pipelines where pipeline = $1) as "policyVersion",
       (select jsonb_build_object('version', version, 'eventId', event_id)
          from serving_versions where pipeline = $1) as serving,
       (select coalesce(jsonb_agg(jsonb_build_object('alertId', alert_id, 'kind', kind, 'severity', severity,
            'message', message, 'version', version)), '[]')
          from open_alerts where pipeline = $1) as alerts`,
    [pipeline],
  );
  const { policy, policyVersion, serving, alerts } = SceneRow.parse(rows[0]);
  const alertOf = (kind: Alert["kind"]) => alerts.find((alert) => alert.kind === kind);
  return {
    policy: policy ?? undefined,
    policyVersion: policyVersion ?? undefined,
    serving: serving ?? undefined,
    alerts: { drift: alertOf("drift"), quality: alertOf("quality") },
  };
}

export function savePolicy(
  tx: Transaction,
  pipeline: string,
  version: number,
  policy: MonitoringPolicy,
): void {
  tx.send(
    `insert into pipelines (pipeline, version, policy) values ($1, $2, $3)
     on conflict (pipeline) do update set version = excluded.version, policy = excluded.policy
     where pipelines.version < excluded.version`,
    [pipeline, version, JSON.stringify(policy)],
  );
}

/** Notes which version takes the traffic, and forgets the windows that others have begun. */
export async function saveServing(tx: Tx, pipeline: string, version: number, eventId: string): Promise<void> {
  const { rowCount } = await tx.query(
    `insert into serving_versions (pipeline, version, event_id) values ($1, $2, $3)
     on conflict (pipeline) do update set version = excluded.version, event_id = excluded.event_id
     where serving_versions.event_id < excluded.event_id`,
    [pipeline, version, eventId],
  );
  if (rowCount > 0) {
    await tx.query("delete from open_windows where pipeline = $1 and version <> $2", [pipeline, version]);
  }
}

/** Keeps an alert open, or closes the one there is. */
export function saveAlert(
  tx: Transaction,
  pipeline: string,
  kind: Alert["kind"],
  alert: Alert | undefined,
  now: Date,
): void {
  if (alert === undefined) {
    tx.send("delete from open_alerts where pipeline = $1 and kind = $2", [pipeline, kind]);
    return;
  }
  tx.send(
    `insert into open_alerts (pipeline, kind, alert_id, version, severity, message, raised_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (pipeline, kind) do nothing`,
    [pipeline, kind, alert.alertId, alert.version, alert.severity, alert.message, now],
  );
}
