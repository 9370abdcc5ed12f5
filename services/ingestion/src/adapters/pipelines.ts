import { Column, DataFormat } from "@cascade/contracts";
import type { Transaction, Tx } from "@cascade/postgres";
import { z } from "zod";
import type { PipelineSources } from "../domain/notified-objects.ts";
import { type IngestPipeline, Reading } from "../domain/read-pipeline.ts";

const StoredPipeline = z.object({
  version: z.int(),
  format: DataFormat.nullable(),
  columns: z.array(Column),
  reading: Reading,
  demands_digest: z.string(),
});

const WithSources = z.object({ pipeline: z.string(), reading: Reading });

export async function findPipeline(tx: Tx, pipeline: string): Promise<IngestPipeline | undefined> {
  const { rows } = await tx.query(
    "select version, format, columns, reading, demands_digest from pipelines where pipeline = $1",
    [pipeline],
  );
  if (rows[0] === undefined) return undefined;
  const { version, format, columns, reading, demands_digest } = StoredPipeline.parse(rows[0]);
  return { version, format: format ?? undefined, columns, reading, demandsDigest: demands_digest };
}

/** The sources of every pipeline that reads one of the buckets. */
export async function findBucketSources(tx: Tx, buckets: readonly string[]): Promise<PipelineSources[]> {
  const wanted = buckets.map((bucket) => JSON.stringify([{ kind: "bucket", bucket }]));
  const { rows } = await tx.query(
    `select pipeline, reading from pipelines where reading->'sources' @> any ($1::jsonb[]) order by pipeline`,
    [wanted],
  );
  return rows.map((row) => {
    const { pipeline, reading } = WithSources.parse(row);
    return { pipeline, sources: reading.sources ?? [] };
  });
}

/** Keeps a version of a pipeline unless a newer one is there already. */
export function savePipeline(tx: Transaction, pipeline: string, applied: IngestPipeline): void {
  tx.send(
    `insert into pipelines (pipeline, version, format, columns, reading, demands_digest) values ($1, $2, $3, $4, $5, $6)
     on conflict (pipeline) do update set version = excluded.version, format = excluded.format,
       columns = excluded.columns, reading = excluded.reading, demands_digest = excluded.demands_digest
     where pipelines.version < excluded.version`,
    [
      pipeline,
      applied.version,
      applied.format ?? null,
      JSON.stringify(applied.columns),
      JSON.stringify(applied.reading),
      applied.demandsDigest,
    ],
  );
}
