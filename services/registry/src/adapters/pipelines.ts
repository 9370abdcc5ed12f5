import type { PipelineSpec } from "@cascade/contracts";
import type { Transaction, Tx } from "@cascade/postgres";
import type { AppliedPipeline, PipelineInForce } from "../domain/apply-pipeline.ts";

export async function findPipelineInForce(tx: Tx, pipeline: string): Promise<PipelineInForce | undefined> {
  const { rows } = await tx.query<{ version: number; digest: string; spec: PipelineSpec }>(
    `select version, digest, spec from pipeline_versions where pipeline = $1
     order by version desc limit 1`,
    [pipeline],
  );
  return rows[0];
}

export interface Submission {
  readonly text: string;
  readonly fileName: string | undefined;
  readonly by: string;
  readonly eventId: string;
  readonly correlationId: string;
  readonly at: Date;
}

/** Adds a version; its key makes two submissions at once take turns. */
export function insertPipelineVersion(
  tx: Transaction,
  applied: AppliedPipeline,
  submission: Submission,
): void {
  tx.send(
    `insert into pipeline_versions (pipeline, version, spec, source, file_name, digest, model_changed,
       submitted_by, event_id, correlation_id, applied_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      applied.spec.pipeline,
      applied.version,
      JSON.stringify(applied.spec),
      submission.text,
      submission.fileName ?? null,
      applied.digest,
      applied.modelChanged,
      submission.by,
      submission.eventId,
      submission.correlationId,
      submission.at,
    ],
  );
}
