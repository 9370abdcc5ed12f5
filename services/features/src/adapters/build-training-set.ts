import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Feature, mediaTypes, type TrainingSet } from "@cascade/contracts";
import type { JobContext } from "@cascade/messaging";
import { openWorkingFolder } from "@cascade/service-kit";
import { TabularError } from "@cascade/tabular";
import type { Deps } from "../deps.ts";
import type { Batch, Build, Partition } from "../domain/build.ts";
import { featureKinds } from "../domain/feature-kinds.ts";
import type { View } from "../domain/view.ts";
import { ViewProblem } from "../errors.ts";

export interface BuiltTrainingSet {
  readonly trainingSet: TrainingSet;
  /** Partitions that had not been computed before. */
  readonly partitions: readonly Partition[];
}

/** The column that orders rows; kept apart, because a feature may have the event time's own name. */
const timeColumn = "cascade event time";

// Lineage names the newest batches: an event has room for so many digests.
const datasetVersionsMax = 1000;

const parts = ["train", "validation", "holdout"] as const;

/**
 * Computes the features of every batch that lacks them, and splits all rows into train, validation and holdout.
 * Throws ViewProblem and TabularError.
 */
export async function buildTrainingSet(
  build: Build,
  deps: Deps,
  context: JobContext,
): Promise<BuiltTrainingSet> {
  const { store, tabular } = deps;
  const { view, batches } = build;
  const { signal } = context;
  await using folder = await openWorkingFolder(deps.workDirectory);
  const features = await checkFeatures(deps, view, signal);

  const inputs: string[] = [];
  const partitions: Partition[] = [];
  for (const [index, batch] of batches.entries()) {
    context.progress({
      message: `features of batch ${index + 1} of ${batches.length}`,
      share: index / batches.length,
    });
    if (batch.partition !== null) {
      inputs.push(await store.fetchToFile(batch.partition, join(folder.path, "partitions"), { signal }));
      continue;
    }
    const output = join(folder.path, `partition-${index}.parquet`);
    const { rowCount } = await computeFeatures(deps, view, batch, { folder: folder.path, output, signal });
    inputs.push(output);
    const rows = await store.putFile(output, mediaTypes.parquet, { signal });
    partitions.push({ datasetVersion: batch.datasetVersion, rows, rowCount });
  }

  context.progress({ message: "splitting the training set", share: 1 });
  const outputs = {
    train: join(folder.path, "train.parquet"),
    validation: join(folder.path, "validation.parquet"),
    holdout: join(folder.path, "holdout.parquet"),
  };
  const split = await tabular.split(
    {
      inputs,
      eventTime: view.eventTime === null ? null : timeColumn,
      fractions: view.split,
      ...(view.windowRows === null ? {} : { window: { rows: view.windowRows } }),
      seed: view.seed,
      outputs,
    },
    { signal },
  );
  for (const part of parts) {
    if (split.rows[part] > 0) continue;
    throw new ViewProblem(
      "TOO_FEW_ROWS",
      `the ${part} part of the training set has no rows`,
      "Send more data, or change training.split or training.window.",
    );
  }
  const [train, validation, holdout] = await Promise.all(
    parts.map((part) => store.putFile(outputs[part], mediaTypes.parquet, { signal })),
  );
  if (train === undefined || validation === undefined || holdout === undefined) {
    throw new TypeError("a part of the training set was not stored");
  }
  const trainingSet: TrainingSet = {
    view: view.name,
    viewDigest: build.viewDigest,
    label: view.label,
    features,
    inputColumns: view.columns.filter(({ name }) => name !== view.label),
    train,
    validation,
    holdout,
    rowCounts: { ...split.rows },
    datasetVersions: batches.map(({ datasetVersion }) => datasetVersion).slice(-datasetVersionsMax),
  };
  return { trainingSet, partitions };
}

interface Place {
  readonly folder: string;
  readonly output: string;
  readonly signal: AbortSignal;
}

async function computeFeatures({ store, tabular }: Deps, view: View, batch: Batch, place: Place) {
  const incoming = join(place.folder, "batches");
  await mkdir(incoming, { recursive: true });
  const input = await store.fetchToFile(batch.rows, incoming, { signal: place.signal });
  return tabular.select(
    {
      inputs: [input],
      columns: [
        ...view.features.map(({ name, sql }) => ({ name, sql })),
        { name: view.label, sql: quoted(view.label) },
        ...(view.eventTime === null ? [] : [{ name: timeColumn, sql: quoted(view.eventTime) }]),
      ],
      output: place.output,
    },
    { signal: place.signal },
  );
}

/** Checks the expressions without data, and without the label: what reads the label could only cheat. */
async function checkFeatures({ tabular }: Deps, view: View, signal: AbortSignal): Promise<Feature[]> {
  const columns = view.features.map(({ name, sql }) => ({ name, sql }));
  const withoutLabel = view.columns.filter(({ name }) => name !== view.label);
  try {
    return featureKinds(view, await tabular.checkColumns({ input: withoutLabel, columns }, { signal }));
  } catch (error) {
    if (!(error instanceof TabularError)) throw error;
    const readsLabel = await tabular.checkColumns({ input: view.columns, columns }, { signal }).then(
      () => true,
      () => false,
    );
    if (!readsLabel) throw error;
    throw new ViewProblem(
      "LABEL_LEAK",
      `a feature reads the label ${view.label}: the model would see what it is to predict`,
      "Take the label out of features.columns and apply the pipeline again.",
    );
  }
}

function quoted(column: string): string {
  return `"${column.replaceAll('"', '""')}"`;
}
