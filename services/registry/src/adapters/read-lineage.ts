import type { Tx } from "@cascade/postgres";
import type { Evidence } from "../domain/model-version.ts";

/** Everything a version came from and what became of it, down to the events. */
export async function readLineage(db: Tx, pipeline: string, version: number) {
  const { rows } = await db.query<{
    run_id: string;
    evaluation_id: string;
    evidence: Evidence;
    event_id: string;
    correlation_id: string;
    registered_at: Date;
  }>(
    `select m.run_id, m.evaluation_id, m.registered_at, e.evidence, e.event_id, e.correlation_id
     from model_versions m join evaluations e using (pipeline, evaluation_id)
     where m.pipeline = $1 and m.version = $2`,
    [pipeline, version],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const { evidence } = row;
  const { rows: approvals } = await db.query(
    `select answer, decided_by as "decidedBy", reason, decided_at as "decidedAt", event_id as "eventId"
     from approvals where pipeline = $1 and version = $2 order by position`,
    [pipeline, version],
  );
  const { rows: promotions } = await db.query(
    `select sequence, nullif(version, 0) as version, nullif(previous_version, 0) as "previousVersion",
       decided_by as "decidedBy", reason, since, event_id as "eventId"
     from champions where pipeline = $1 and (version = $2 or previous_version = $2) order by sequence`,
    [pipeline, version],
  );
  const { rows: otherEvaluations } = await db.query(
    `select evaluation_id as "evaluationId", passed, recorded_at as "recordedAt", event_id as "eventId"
     from evaluations where pipeline = $1 and run_id = $2 and evaluation_id <> $3
     order by recorded_at limit 100`,
    [pipeline, row.run_id, row.evaluation_id],
  );
  return {
    pipeline,
    version,
    registeredAt: row.registered_at,
    data: {
      datasetVersions: evidence.trainingSet.datasetVersions,
      view: evidence.trainingSet.view,
      viewDigest: evidence.trainingSet.viewDigest,
      train: evidence.trainingSet.train,
      validation: evidence.trainingSet.validation,
      holdout: evidence.trainingSet.holdout,
      rowCounts: evidence.trainingSet.rowCounts,
    },
    training: { runId: row.run_id, ...evidence.lineage },
    model: evidence.candidate.model,
    evaluation: {
      evaluationId: row.evaluation_id,
      primaryMetric: evidence.primaryMetric,
      metrics: evidence.metrics,
      comparedWith: evidence.champion,
      gates: evidence.gates,
      report: evidence.report,
      reference: evidence.reference,
    },
    otherEvaluations,
    approvals,
    promotions,
    events: {
      evaluation: row.event_id,
      correlationId: row.correlation_id,
      trigger: evidence.lineage.trigger.eventId,
    },
  };
}
