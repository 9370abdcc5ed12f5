import type { Tx } from "@cascade/postgres";

/** Statements of the read side; the names of columns are the names in the answer. */

export async function listPipelines(db: Tx, page: { after: string; limit: number }) {
  const { rows } = await db.query(
    `select distinct on (pipeline) pipeline, version, digest, submitted_by as "by", applied_at as "appliedAt",
       (select nullif(c.version, 0) from champions c where c.pipeline = p.pipeline
        order by sequence desc limit 1) as "championVersion"
     from pipeline_versions p where pipeline > $1
     order by pipeline, version desc limit $2`,
    [page.after, page.limit],
  );
  return rows;
}

export async function readPipeline(db: Tx, pipeline: string) {
  const { rows } = await db.query<{ pipeline: string; version: number }>(
    `select pipeline, version, digest, model_changed as "modelChanged", submitted_by as "by",
       file_name as "fileName", applied_at as "appliedAt", spec, source
     from pipeline_versions where pipeline = $1 order by version desc limit 1`,
    [pipeline],
  );
  return rows[0];
}

export async function listPipelineVersions(
  db: Tx,
  pipeline: string,
  page: { before: number; limit: number },
) {
  const { rows } = await db.query(
    `select version, digest, model_changed as "modelChanged", submitted_by as "by", file_name as "fileName",
       applied_at as "appliedAt", event_id as "eventId", correlation_id as "correlationId"
     from pipeline_versions where pipeline = $1 and version < $2 order by version desc limit $3`,
    [pipeline, page.before, page.limit],
  );
  return rows;
}
