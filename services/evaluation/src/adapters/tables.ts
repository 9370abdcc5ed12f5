import type { Transaction, Tx } from "@cascade/postgres";
import type { EvaluationPolicy } from "../domain/applied-pipeline.ts";
import { Champion, type EvaluationPlan } from "../domain/plan-evaluation.ts";
import type { Verdict } from "../domain/verdict.ts";

export async function findPolicy(tx: Tx, pipeline: string): Promise<EvaluationPolicy | undefined> {
  const { rows } = await tx.query<{ version: number; spec: Omit<EvaluationPolicy, "version"> }>(
    "select version, spec from pipelines where pipeline = $1",
    [pipeline],
  );
  return rows[0] === undefined ? undefined : { ...rows[0].spec, version: rows[0].version };
}

/** Keeps a version of a pipeline unless a newer one is there already. */
export function savePolicy(tx: Transaction, pipeline: string, policy: EvaluationPolicy): void {
  const { version, ...spec } = policy;
  tx.send(
    `insert into pipelines (pipeline, version, spec) values ($1, $2, $3)
     on conflict (pipeline) do update set version = excluded.version, spec = excluded.spec
     where pipelines.version < excluded.version`,
    [pipeline, version, JSON.stringify(spec)],
  );
}

export async function findChampion(tx: Tx, pipeline: string): Promise<Champion | undefined> {
  const { rows } = await tx.query(
    "select version, servable, metrics from champions where pipeline = $1 for update",
    [pipeline],
  );
  return rows[0] === undefined ? undefined : Champion.parse(rows[0]);
}

export function saveChampion(tx: Transaction, pipeline: string, champion: Champion): void {
  const { version, servable, metrics } = champion;
  tx.send(
    `insert into champions (pipeline, version, servable, metrics) values ($1, $2, $3, $4)
     on conflict (pipeline) do update set version = excluded.version, servable = excluded.servable,
       metrics = excluded.metrics`,
    [pipeline, version, JSON.stringify(servable), JSON.stringify(metrics)],
  );
}

export function insertEvaluation(
  tx: Transaction,
  pipeline: string,
  plan: EvaluationPlan,
  plannedAt: Date,
): void {
  tx.send(
    `insert into evaluations (evaluation_id, pipeline, run_id, champion_version, planned_at)
     values ($1, $2, $3, $4, $5)`,
    [plan.evaluationId, pipeline, plan.run.runId, plan.champion?.version ?? null, plannedAt],
  );
}

export interface EndedEvaluation {
  readonly status: "passed" | "failed" | "abandoned";
  readonly finishedAt: Date;
  readonly championVersion?: number;
  readonly verdict?: Verdict;
}

export function endEvaluation(tx: Transaction, evaluationId: string, ended: EndedEvaluation): void {
  const { status, finishedAt, championVersion, verdict } = ended;
  tx.send(
    `update evaluations set status = $2, finished_at = $3, champion_version = coalesce($4, champion_version),
       metrics = $5, gates = $6, report = $7
     where evaluation_id = $1`,
    [
      evaluationId,
      status,
      finishedAt,
      championVersion ?? null,
      verdict === undefined ? null : JSON.stringify(verdict.metrics),
      verdict === undefined ? null : JSON.stringify(verdict.gates),
      verdict === undefined ? null : JSON.stringify(verdict.report),
    ],
  );
}
