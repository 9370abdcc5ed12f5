import { createHash } from "node:crypto";
import { join } from "node:path";
import { type ArtifactRef, type Column, mediaTypes, type Problem } from "@cascade/contracts";
import type { JobContext } from "@cascade/messaging";
import { openWorkingFolder } from "@cascade/service-kit";
import type { Deps } from "../deps.ts";
import type { Arrival } from "../domain/arrival.ts";
import { checkDescription } from "../domain/description.ts";
import type { Reading } from "../domain/read-pipeline.ts";
import { toldAddress } from "../domain/readable.ts";
import { ingestionErrors, mayPass, problemOf } from "../errors.ts";
import { findArrivalOf, findNewestColumns, findVersionOfBytes } from "./dataset-versions.ts";
import { type FetchedFile, fetchBatch } from "./fetch-batch.ts";
import { findReading } from "./find-reading.ts";
import { makeTable } from "./make-table.ts";
import { findPipeline } from "./pipelines.ts";
import { tellFailure, tellTable } from "./tell-progress.ts";

/** What has become of a batch. */
export type Ingested =
  | {
      readonly outcome: "ingested";
      readonly rows: ArtifactRef;
      readonly rowCount: number;
      readonly columns: Column[];
      readonly files: { uri: string; sizeBytes: number }[];
      readonly arrivedBy: string;
      readonly demandsDigest: string;
      readonly bytesDigest: string;
      readonly declared: readonly Column[];
      readonly schemaChanges: Reading["schemaChanges"];
    }
  | { readonly outcome: "unchanged"; readonly datasetVersion: string; readonly ingestedBy: string }
  | { readonly outcome: "failed"; readonly problem: Problem };

// The pipeline's event may be under way: with the delays of the runtime this is about a second.
const attemptsForPipeline = 3;

/** Takes a batch in. Throws only where another attempt may succeed. */
export async function ingest(arrival: Arrival, deps: Deps, context: JobContext): Promise<Ingested> {
  const names = new Map<string, string>();
  try {
    return await takeIn(arrival, deps, context, names);
  } catch (error) {
    context.signal.throwIfAborted();
    if (mayPass(error)) {
      tellFailure(context.progress, context.attempt, problemOf(error, names));
      throw error;
    }
    return { outcome: "failed", problem: problemOf(error, names) };
  }
}

async function takeIn(
  arrival: Arrival,
  deps: Deps,
  context: JobContext,
  names: Map<string, string>,
): Promise<Ingested> {
  const { signal, progress, pipeline: name } = context;
  const pipeline = await findPipeline(deps.database, name);
  if (pipeline === undefined) {
    throw ingestionErrors.pipelineUnknown(name, { again: context.attempt < attemptsForPipeline });
  }
  await using folder = await openWorkingFolder(deps.workDirectory);
  const files = await fetchBatch(arrival, pipeline.format, folder.path, deps, context);
  for (const { path, uri } of files) names.set(path, uri);
  const { demandsDigest, columns: declared } = pipeline;
  const reading = await findReading(arrival, files, pipeline.reading);
  const bytesDigest = digestOfBytes(files);
  const same = await findVersionOfBytes(deps.database, name, bytesDigest, demandsDigest);
  if (same !== undefined) {
    return { outcome: "unchanged", datasetVersion: same.datasetVersion, ingestedBy: same.arrivedBy };
  }
  const known = await findNewestColumns(deps.database, name);
  const output = join(folder.path, "table.parquet");
  const table = await tellTable(progress, output, () =>
    makeTable(files, { columns: declared, reading }, known, output, deps, signal),
  );
  const columns = table.columns.map(({ name: column, type }) => ({ name: column, type }));
  const told = files.map(({ uri, sizeBytes }) => ({ uri: toldAddress(uri), sizeBytes }));
  checkDescription({ columns, files: told });
  const rows = await deps.store.putFile(output, mediaTypes.parquet, { signal });
  const ingestedBy = await findArrivalOf(deps.database, name, rows.digest, demandsDigest);
  if (ingestedBy !== undefined) return { outcome: "unchanged", datasetVersion: rows.digest, ingestedBy };
  return {
    outcome: "ingested",
    rows,
    rowCount: table.rowCount,
    columns,
    files: told,
    arrivedBy: arrival.eventId ?? context.correlationId,
    demandsDigest,
    bytesDigest,
    declared,
    schemaChanges: reading.schemaChanges,
  };
}

/** Names the bytes of a batch, and how they are read: the same bytes are another table where the format is another. */
function digestOfBytes(files: readonly FetchedFile[]): string {
  const hash = createHash("sha256");
  for (const { digest, format } of files) hash.update(`${digest} ${format}\n`);
  return `sha256:${hash.digest("hex")}`;
}
