import { join } from "node:path";
import { type ArtifactRef, mediaTypes } from "@cascade/contracts";
import type { JobContext } from "@cascade/messaging";
import { openWorkingFolder } from "@cascade/service-kit";
import type { Column } from "@cascade/tabular";
import type { Deps } from "../deps.ts";
import { feedbackRow } from "../domain/feedback-row.ts";
import { monitoringErrors } from "../errors.ts";
import { readBatch } from "./feedback.ts";
import { loadScene } from "./pipelines.ts";

/** Stores a batch as a Parquet file with the pipeline's columns; undefined where no row fits them. */
export async function writeBatch(
  batchId: string,
  { database, tabular, store, workDirectory, log }: Deps,
  { pipeline, signal }: JobContext,
): Promise<{ rows: ArtifactRef; rowCount: number } | undefined> {
  const { policy } = await loadScene(database, pipeline);
  if (policy === undefined) throw monitoringErrors.pipelineUnknown(pipeline);
  const labelled = await readBatch(database, batchId);
  const rows = labelled.map((row) => feedbackRow(row, policy)).filter((row) => row !== undefined);
  const unfit = labelled.length - rows.length;
  if (unfit > 0) {
    log.warn({ pipeline, batchId, rows: unfit }, "labelled predictions do not fit the pipeline's columns");
  }
  if (rows.length === 0) return undefined;
  const columns = Object.entries(policy.columns).map(
    ([name, type]): Column => ({ name, type, nullable: true }),
  );
  await using folder = await openWorkingFolder(workDirectory);
  const output = join(folder.path, "feedback.parquet");
  await tabular.writeRows({ rows, columns, output }, { signal });
  return { rows: await store.putFile(output, mediaTypes.parquet, { signal }), rowCount: rows.length };
}
