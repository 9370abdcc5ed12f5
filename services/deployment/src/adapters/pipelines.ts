import type { PipelineSpec } from "@cascade/contracts";
import type { Transaction, Tx } from "@cascade/postgres";
import type { QualitySettings } from "../domain/quality.ts";
import type { DeploymentSettings } from "../domain/rollout.ts";

export interface KnownPipeline {
  readonly version: number;
  readonly deployment: DeploymentSettings;
  readonly quality: QualitySettings | undefined;
}

export async function findPipeline(tx: Tx, pipeline: string): Promise<KnownPipeline | undefined> {
  const { rows } = await tx.query<{
    version: number;
    deployment: DeploymentSettings;
    quality: QualitySettings | null;
  }>("select version, deployment, quality from pipelines where pipeline = $1", [pipeline]);
  const row = rows[0];
  return row && { ...row, quality: row.quality ?? undefined };
}

/** Keeps the newest version; an older one that arrives late changes nothing. */
export function savePipeline(tx: Transaction, version: number, spec: PipelineSpec): void {
  tx.send(
    `insert into pipelines (pipeline, version, deployment, quality) values ($1, $2, $3, $4)
     on conflict (pipeline) do update set version = excluded.version, deployment = excluded.deployment,
       quality = excluded.quality
     where pipelines.version < excluded.version`,
    [
      spec.pipeline,
      version,
      JSON.stringify(spec.deployment),
      spec.monitoring.quality === null ? null : JSON.stringify(spec.monitoring.quality),
    ],
  );
}
