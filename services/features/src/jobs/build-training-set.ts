import { FeatureViewFailedV1, FeatureViewMaterializedV1, type Problem } from "@cascade/contracts";
import { describeError, type Given, type JobContext, job, type PlannedJob } from "@cascade/messaging";
import { savePartitions } from "../adapters/batches.ts";
import {
  type BuiltTrainingSet,
  type FailedBuild,
  buildTrainingSet as runBuild,
} from "../adapters/build-training-set.ts";
import { findNewestSnapshot, insertSnapshot, type Snapshot } from "../adapters/snapshots.ts";
import type { Deps } from "../deps.ts";
import { Build, newestPosition, totalRows } from "../domain/build.ts";
import { newestOf } from "../domain/newest-of.ts";
import { onlineBuilds } from "../domain/online-row.ts";
import { keepOnlineRows } from "./keep-online-rows.ts";
import { measureFreshness } from "./measure-freshness.ts";

/** Computes what is missing of a feature view and renews the training set. */
export const buildTrainingSet = job({
  name: "build-training-set",
  payload: Build,
  emits: [FeatureViewMaterializedV1, FeatureViewFailedV1],
  settings: { timeoutMs: 4 * 3_600_000, attempts: 3 },

  run: (build, deps: Deps, context: JobContext) =>
    runBuild(build, deps, { ...context, pipeline: build.joiner ?? context.pipeline }),

  load: async ({ pipeline, payload }, tx) => ({
    newest: await findNewestSnapshot(tx, payload.joiner ?? pipeline),
  }),

  finish: ({ jobId, pipeline, payload, result }, { newest, ...given }) => ({
    ...conclude(payload.joiner ?? pipeline, payload, result, newest, given),
    // What a joiner itself knows of its entities has not changed.
    jobs: payload.joiner === undefined ? consequences(pipeline, payload, result, jobId) : [],
  }),

  fail: ({ pipeline, payload, error }, { newest, ...given }) => {
    const problem = {
      code: "FEATURES_UNAVAILABLE",
      message: `The features could not be computed: ${describeError(error).message}`,
      whatToDo:
        "Look at the log of the features service. The batch is kept: the next batch, or applying the pipeline again, computes its features too.",
    };
    const failed: FailedBuild = { outcome: "failed", found: [], failed: [], problem };
    return { ...conclude(payload.joiner ?? pipeline, payload, failed, newest, given), jobs: [] };
  },

  record: ({ found, snapshot }, tx, { pipeline, payload }) => {
    for (const one of found) savePartitions(tx, one);
    if (snapshot !== undefined) insertSnapshot(tx, payload.joiner ?? pipeline, snapshot);
  },
});

/** Online rows of the views that remember, and the age of the newest row. */
function consequences(
  pipeline: string,
  build: Build,
  result: BuiltTrainingSet | FailedBuild,
  jobId: string,
): PlannedJob[] {
  const at = { newVersion: build.newVersion, position: newestPosition(build) };
  const online = onlineBuilds(pipeline, build.histories, result.found, at).map((one) =>
    keepOnlineRows.plan(one, { key: `${jobId}/${one.definition.name}` }),
  );
  return [...measurements(build, result, jobId), ...online];
}

function conclude(
  pipeline: string,
  build: Build,
  result: BuiltTrainingSet | FailedBuild,
  newest: Snapshot | undefined,
  { newId }: Given,
) {
  const { newVersion, newRows, batches } = build;
  const events = [];
  // Each batch speaks for itself; only where the pipeline has changed, all that fail under it are told here.
  const told =
    newVersion === null
      ? result.failed
      : result.failed.filter((batch) => batch.datasetVersion === newVersion);
  for (const { datasetVersion, problem } of told.slice(0, failuresMax)) {
    events.push(failure(pipeline, build, datasetVersion, problem));
  }
  const { found } = result;
  if (result.outcome === "failed") {
    const about = newVersion ?? batches.at(-1)?.datasetVersion ?? "";
    if (result.problem !== undefined) events.push(failure(pipeline, build, about, result.problem));
    return { events, found, snapshot: undefined };
  }
  const own: Snapshot = {
    snapshotId: newId(),
    pipelineVersion: build.pipelineVersion,
    viewDigest: result.trainingSet.viewDigest,
    position: newestPosition(build),
    trainingSet: result.trainingSet,
    totalRows: totalRows(build, result.failed),
  };
  const snapshot = newestOf(own, newest);
  events.push(
    FeatureViewMaterializedV1.create(pipeline, {
      snapshotId: snapshot.snapshotId,
      trainingSet: snapshot.trainingSet,
      newRows,
      totalRows: snapshot.totalRows,
      ...(snapshot === own && result.rowsReplaced > 0 ? { replacedRows: result.rowsReplaced } : {}),
    }),
  );
  return { events, found, snapshot: snapshot === own ? own : undefined };
}

function measurements({ view }: Build, result: BuiltTrainingSet | FailedBuild, chain: string) {
  if (result.outcome === "failed" || result.newestTime === null || view.freshnessMs === null) return [];
  const { newestTime, trainingSet } = result;
  const measured = {
    view: view.name,
    viewDigest: trainingSet.viewDigest,
    newestTime,
    limitMs: view.freshnessMs,
  };
  return [measureFreshness.plan({ chain, isFirst: true, ...measured }, { key: chain })];
}

// A view that fails on very many batches is told by its first ones; all of them are kept.
const failuresMax = 20;

function failure(pipeline: string, { viewDigest }: Build, datasetVersion: string, problem: Problem) {
  return FeatureViewFailedV1.create(pipeline, {
    datasetVersion,
    viewDigest,
    problem: { ...problem, message: problem.message.slice(0, 4000) },
  });
}
