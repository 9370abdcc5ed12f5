import type { TrainingSet } from "@cascade/contracts";
import type { JobContext } from "@cascade/messaging";
import { openWorkingFolder } from "@cascade/service-kit";
import type { Deps } from "../deps.ts";
import type { Build, FailedBatch, Partition } from "../domain/build.ts";
import { problemOf } from "../errors.ts";
import { checkFeatures } from "./check-features.ts";
import { computePartitions } from "./compute-partitions.ts";
import { splitRows } from "./split-rows.ts";

export interface BuiltTrainingSet {
  readonly outcome: "built";
  readonly trainingSet: TrainingSet;
  readonly partitions: readonly Partition[];
  /** Batches that are not part of it, because their features cannot be computed. */
  readonly failed: readonly FailedBatch[];
}

/** No training set: one or several batches, or all of them together, are the reason. */
export interface FailedBuild {
  readonly outcome: "failed";
  readonly partitions: readonly Partition[];
  readonly failed: readonly FailedBatch[];
  /** What is wrong with the view or with all rows together; undefined where only batches have failed. */
  readonly problem: FailedBatch["problem"] | undefined;
}

// Lineage names the newest batches: an event has room for so many digests.
const datasetVersionsMax = 1000;

/** Computes the features of every batch that lacks them, and splits all rows. Throws what may pass. */
export async function buildTrainingSet(
  build: Build,
  deps: Deps,
  context: JobContext,
): Promise<BuiltTrainingSet | FailedBuild> {
  const { view } = build;
  const { signal, progress } = context;
  const done: Partial<Pick<FailedBuild, "partitions" | "failed">> = {};
  try {
    await using folder = await openWorkingFolder(deps.workDirectory);
    const features = await checkFeatures(deps, view, signal);
    const computed = await computePartitions(build, folder.path, deps, context);
    const { inputs, datasetVersions, partitions, failed } = computed;
    Object.assign(done, { partitions, failed });
    const ownFailed = failed.some(({ datasetVersion }) => datasetVersion === build.newVersion);
    if (ownFailed || inputs.length === 0) {
      return { outcome: "failed", partitions, failed, problem: undefined };
    }
    progress({ message: "splitting the training set", share: 1 });
    const { train, validation, holdout, rowCounts } = await splitRows(
      view,
      inputs,
      folder.path,
      deps,
      signal,
    );
    const trainingSet: TrainingSet = {
      view: view.name,
      viewDigest: build.viewDigest,
      label: view.label,
      features,
      // All declared columns, so that labelled predictions can come back as a batch that lacks none.
      inputColumns: view.columns.filter(({ name }) => name !== view.label),
      train,
      validation,
      holdout,
      rowCounts,
      datasetVersions: datasetVersions.slice(-datasetVersionsMax),
    };
    return { outcome: "built", trainingSet, partitions, failed };
  } catch (error) {
    signal.throwIfAborted();
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    const { partitions = [], failed = [] } = done;
    return { outcome: "failed", partitions, failed, problem };
  }
}
