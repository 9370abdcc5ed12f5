import { join } from "node:path";
import { type ArtifactRef, mediaTypes } from "@cascade/contracts";
import type { Tabular } from "@cascade/tabular";
import type { Deps } from "../deps.ts";
import type { Demands } from "../domain/demands.ts";
import { comparedColumns, judgeDistributions, type Sample } from "../domain/distributions.ts";
import type { Finding } from "../domain/judge.ts";

// The largest distance between a distribution function and that of so many rows is below 0.014 in 99 of 100 cases.
const sampleRows = 20_000;

interface Place {
  readonly folder: string;
  readonly deps: Pick<Deps, "tabular" | "store">;
  readonly signal: AbortSignal;
}

/** Stores rows with which later batches are compared; nothing where nothing is to be compared. */
export async function storeReference(
  path: string,
  demands: Demands,
  { folder, deps: { tabular, store }, signal }: Place,
): Promise<ArtifactRef | undefined> {
  const columns = comparedColumns(demands);
  if (columns.length === 0) return undefined;
  const output = join(folder, "reference.parquet");
  await tabular.sample({ path, columns, rows: sampleRows, output }, { signal });
  return store.putFile(output, mediaTypes.parquet, { signal });
}

/** Compares rows with those of the first accepted batch. */
export async function compareWithReference(
  path: string,
  reference: ArtifactRef,
  demands: Demands,
  { folder, deps: { tabular, store }, signal }: Place,
): Promise<Finding[]> {
  const [{ columns }, before] = await Promise.all([
    tabular.describe({ files: [path], format: "parquet" }, { signal }),
    store.fetchToFile(reference, folder, { signal }),
  ]);
  const there = new Set(columns.map(({ name }) => name));
  const compared = comparedColumns(demands).filter((column) => there.has(column));
  if (compared.length === 0) return [];
  const output = join(folder, "sample.parquet");
  await tabular.sample({ path, columns: compared, rows: sampleRows, output }, { signal });
  return judgeDistributions(
    demands,
    await read(tabular, before, comparedColumns(demands), signal),
    await read(tabular, output, compared, signal),
  );
}

function read(
  tabular: Tabular,
  path: string,
  columns: readonly string[],
  signal: AbortSignal,
): Promise<Sample> {
  return tabular.readColumns({ path, columns }, { signal });
}
