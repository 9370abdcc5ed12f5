import type { TrainingSet } from "@cascade/contracts";
import type { JobContext } from "@cascade/messaging";
import { openWorkingFolder } from "@cascade/service-kit";
import type { Deps } from "../deps.ts";
import type { FailedBatch, FoundPartitions } from "../domain/batch.ts";
import { type Build, batchesInWindow, versionOf } from "../domain/build.ts";
import { lookedUpKind } from "../domain/feature-kinds.ts";
import { planLookups, servedLookup } from "../domain/lookups.ts";
import { hasLabel, partitionColumns } from "../domain/partition-columns.ts";
import { problemOf } from "../errors.ts";
import { checkFeatures } from "./check-features.ts";
import { computeHistories } from "./compute-histories.ts";
import { computePartitions } from "./compute-partitions.ts";
import { lookUpPast } from "./look-up-past.ts";
import { splitRows } from "./split-rows.ts";

export interface BuiltTrainingSet {
  readonly outcome: "built";
  readonly trainingSet: TrainingSet;
  readonly newestTime: string | null;
  readonly rowsReplaced: number;
  readonly found: readonly FoundPartitions[];
  /** Batches that are not part of it, because their features cannot be computed. */
  readonly failed: readonly FailedBatch[];
}

/** No training set: one or several batches, or all of them together, are the reason. */
export interface FailedBuild {
  readonly outcome: "failed";
  readonly found: readonly FoundPartitions[];
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
  const { view, viewDigest } = build;
  const { signal, progress, pipeline } = context;
  const found: FoundPartitions[] = [];
  const failedOf = () => found.filter((one) => one.pipeline === pipeline).flatMap(({ failed }) => failed);
  const fail = (problem?: FailedBatch["problem"]): FailedBuild => ({
    outcome: "failed",
    found,
    failed: eachOnce(failedOf()),
    problem,
  });
  try {
    await using folder = await openWorkingFolder(deps.workDirectory);
    const expressions = await checkFeatures(deps, view, signal);
    const lookups = planLookups(pipeline, view, build.histories);
    const histories = await computeHistories(build.histories, folder.path, deps, context);
    found.push(...histories.values());
    const batches = batchesInWindow(build);
    const wanted = {
      batches,
      declared: view.columns,
      columns: partitionColumns(view),
      where: hasLabel(view),
    };
    const { inputs, datasetVersions, ...computed } = await computePartitions(
      wanted,
      folder.path,
      deps,
      context,
    );
    found.push({ pipeline, digest: viewDigest, batches, ...computed });
    const ownFailed = failedOf().some(({ datasetVersion }) => datasetVersion === build.newVersion);
    if (ownFailed || inputs.length === 0) return fail();
    progress({ message: "splitting the training set", share: 1 });
    const rows = await lookUpPast(view, inputs, lookups, histories, folder.path, deps, signal);
    const served = lookups.map((lookup) =>
      servedLookup(lookup, view, histories.get(lookup.history)?.types ?? new Map()),
    );
    const lookedUp = served.flatMap(({ columns }) =>
      columns.map(({ name, type }) => lookedUpKind(name, type)),
    );
    const features = [...expressions, ...lookedUp];
    const { train, validation, holdout, rowCounts, newestTime, rowsReplaced } = await splitRows(
      view,
      [...features.map(({ name }) => name), view.label],
      rows,
      folder.path,
      deps,
      signal,
    );
    const trainingSet: TrainingSet = {
      view: view.name,
      viewDigest: versionOf(build, lookups),
      label: view.label,
      features,
      // All declared columns, so that labelled predictions can come back as a batch that lacks none.
      inputColumns: view.columns.filter(({ name }) => name !== view.label),
      train,
      validation,
      holdout,
      rowCounts,
      datasetVersions: datasetVersions.slice(-datasetVersionsMax),
      ...(served.length === 0 ? {} : { lookups: served }),
      ...(view.pastDigest === null ? {} : { pastDigest: view.pastDigest }),
    };
    return { outcome: "built", trainingSet, newestTime, rowsReplaced, found, failed: eachOnce(failedOf()) };
  } catch (error) {
    signal.throwIfAborted();
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    return fail(problem);
  }
}

/** A batch that fails in several views is told once. */
function eachOnce(failed: readonly FailedBatch[]): FailedBatch[] {
  return [...new Map(failed.map((batch) => [batch.datasetVersion, batch])).values()];
}
