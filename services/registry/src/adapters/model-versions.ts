import type { Transaction, Tx } from "@cascade/postgres";
import type { Evidence, ModelVersion } from "../domain/model-version.ts";

export interface RecordedEvaluation {
  readonly evaluationId: string;
  readonly runId: string;
  readonly passed: boolean;
  readonly evidence: unknown;
  readonly eventId: string;
  readonly correlationId: string;
  readonly at: Date;
}

export function insertEvaluation(tx: Transaction, pipeline: string, evaluation: RecordedEvaluation): void {
  tx.send(
    `insert into evaluations (pipeline, evaluation_id, run_id, passed, evidence, event_id, correlation_id,
       recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      pipeline,
      evaluation.evaluationId,
      evaluation.runId,
      evaluation.passed,
      JSON.stringify(evaluation.evidence),
      evaluation.eventId,
      evaluation.correlationId,
      evaluation.at,
    ],
  );
}

/** Whether a run has a version already, and whether an evaluation is recorded already. */
export async function findRegistration(
  tx: Tx,
  pipeline: string,
  { runId, evaluationId }: { runId: string; evaluationId: string },
): Promise<{ registered: boolean; evaluated: boolean; newestVersion: number }> {
  const { rows } = await tx.query<{ registered: boolean; evaluated: boolean; newest_version: number }>(
    `select
       exists (select from model_versions where pipeline = $1 and run_id = $2) as registered,
       exists (select from evaluations where pipeline = $1 and evaluation_id = $3) as evaluated,
       coalesce((select max(version) from model_versions where pipeline = $1), 0) as newest_version`,
    [pipeline, runId, evaluationId],
  );
  const row = rows[0];
  return {
    registered: row?.registered ?? false,
    evaluated: row?.evaluated ?? false,
    newestVersion: row?.newest_version ?? 0,
  };
}

export function insertModelVersion(
  tx: Transaction,
  pipeline: string,
  row: { version: number; runId: string; evaluationId: string; approval: string; at: Date },
): void {
  tx.send(
    `insert into model_versions (pipeline, version, run_id, evaluation_id, approval, registered_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [pipeline, row.version, row.runId, row.evaluationId, row.approval, row.at],
  );
}

export async function findModelVersion(
  tx: Tx,
  pipeline: string,
  version: number,
): Promise<ModelVersion | undefined> {
  const { rows } = await tx.query<{ version: number; evidence: Evidence }>(
    `select m.version, e.evidence from model_versions m
     join evaluations e using (pipeline, evaluation_id)
     where m.pipeline = $1 and m.version = $2`,
    [pipeline, version],
  );
  return rows[0];
}
