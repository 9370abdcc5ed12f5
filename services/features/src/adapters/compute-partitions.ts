import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Column, mediaTypes } from "@cascade/contracts";
import type { JobContext } from "@cascade/messaging";
import type { SqlColumn } from "@cascade/tabular";
import type { Deps } from "../deps.ts";
import type { Batch, FailedBatch, Partition } from "../domain/batch.ts";
import { problemOf } from "../errors.ts";

/** What is computed of every batch. */
export interface Wanted {
  readonly batches: readonly Batch[];
  /** The columns that are declared now. */
  readonly declared: readonly Column[];
  readonly columns: readonly SqlColumn[];
  readonly where: string;
}

export interface Computed {
  /** A file per batch whose features there are, in the order of the batches. */
  readonly inputs: readonly string[];
  readonly datasetVersions: readonly string[];
  /** Partitions that had not been computed before. */
  readonly partitions: readonly Partition[];
  readonly failed: readonly FailedBatch[];
}

/**
 * Brings the features of every batch into a folder, and computes those that are missing. A batch whose
 * features cannot be computed is left out, so that it does not stand in the way of all others for ever.
 */
export async function computePartitions(
  wanted: Wanted,
  folder: string,
  deps: Deps,
  { signal, progress }: JobContext,
): Promise<Computed> {
  const { batches } = wanted;
  const kept = join(folder, "partitions");
  await mkdir(kept, { recursive: true });
  const inputs: string[] = [];
  const datasetVersions: string[] = [];
  const partitions: Partition[] = [];
  const failed: FailedBatch[] = [];
  for (const [index, batch] of batches.entries()) {
    const { datasetVersion } = batch;
    progress({
      message: `features of batch ${index + 1} of ${batches.length}`,
      share: index / batches.length,
    });
    if (batch.partition !== null) {
      inputs.push(await deps.store.fetchToFile(batch.partition, kept, { signal }));
    } else {
      const output = join(folder, `partition-${index}.parquet`);
      const made = await compute(wanted, batch, { folder, output, index }, deps, signal);
      if ("problem" in made) {
        failed.push(made);
        continue;
      }
      partitions.push(made);
      inputs.push(output);
    }
    datasetVersions.push(datasetVersion);
  }
  return { inputs, datasetVersions, partitions, failed };
}

interface Place {
  readonly folder: string;
  readonly output: string;
  readonly index: number;
}

async function compute(
  wanted: Wanted,
  batch: Batch,
  place: Place,
  deps: Deps,
  signal: AbortSignal,
): Promise<Partition | FailedBatch> {
  const { datasetVersion } = batch;
  const { columns, where } = wanted;
  try {
    const input = await typedRows(wanted, batch, place, deps, signal);
    const { rowCount } = await deps.tabular.select(
      { inputs: [input], columns, where, output: place.output },
      { signal },
    );
    const rows = await deps.store.putFile(place.output, mediaTypes.parquet, { signal });
    return { datasetVersion, rows, rowCount };
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    return { datasetVersion, problem };
  }
}

/** The rows of a batch; with the types that are declared now, where it was taken in under other ones. */
async function typedRows(
  { declared }: Wanted,
  batch: Batch,
  { folder, index }: Place,
  { store, tabular, limits }: Deps,
  signal: AbortSignal,
): Promise<string> {
  const path = await store.fetchToFile(batch.rows, join(folder, "batches"), { signal });
  const { columns, rowCount } = await tabular.describe({ files: [path], format: "parquet" }, { signal });
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  if (declared.every(({ name, type }) => types.get(name) === type)) return path;
  const output = join(folder, `typed-${index}.parquet`);
  await tabular.toParquet(
    {
      files: [{ path, format: "parquet" }],
      columns: declared,
      output,
      limits: { ...limits, rows: rowCount },
    },
    { signal },
  );
  return output;
}
