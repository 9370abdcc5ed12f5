import { FeatureViewFailedV1, FeatureViewMaterializedV1, type Problem } from "@cascade/contracts";
import { describeError, type JobContext, job } from "@cascade/messaging";
import { insertPartitions } from "../adapters/batches.ts";
import { type BuiltTrainingSet, buildTrainingSet as runBuild } from "../adapters/build-training-set.ts";
import { findNewestSnapshot, insertSnapshot } from "../adapters/snapshots.ts";
import type { Deps } from "../deps.ts";
import { Build, newestPosition, totalRows } from "../domain/build.ts";
import { newestOf } from "../domain/newest-of.ts";
import { problemOf } from "../errors.ts";

type Result = { readonly built: BuiltTrainingSet } | { readonly problem: Problem };

/** Computes what is missing of a feature view and renews the training set. */
export const buildTrainingSet = job({
  name: "build-training-set",
  payload: Build,
  emits: [FeatureViewMaterializedV1, FeatureViewFailedV1],
  settings: { timeoutMs: 3_600_000, attempts: 3 },

  run: async (build, deps: Deps, context: JobContext): Promise<Result> => {
    try {
      return { built: await runBuild(build, deps, context) };
    } catch (error) {
      const problem = problemOf(error);
      if (problem === undefined) throw error;
      return { problem };
    }
  },

  load: async ({ pipeline }, tx) => ({ newest: await findNewestSnapshot(tx, pipeline) }),

  finish: ({ pipeline, payload, result }, { newest, newId }) => {
    if ("problem" in result) return { events: [failed(pipeline, payload, result.problem)] };
    const own = {
      snapshotId: newId(),
      pipelineVersion: payload.pipelineVersion,
      viewDigest: payload.viewDigest,
      position: newestPosition(payload),
      trainingSet: result.built.trainingSet,
      totalRows: totalRows(payload),
    };
    const snapshot = newestOf(own, newest);
    return {
      events: [
        FeatureViewMaterializedV1.create(pipeline, {
          snapshotId: snapshot.snapshotId,
          trainingSet: snapshot.trainingSet,
          newRows: payload.newRows,
          totalRows: snapshot.totalRows,
        }),
      ],
      partitions: result.built.partitions,
      snapshot: snapshot === own ? own : undefined,
    };
  },

  fail: ({ pipeline, payload, error }) => ({
    events: [
      failed(pipeline, payload, {
        code: "FEATURES_UNAVAILABLE",
        message: `the features could not be computed: ${describeError(error).message}`,
        whatToDo:
          "Look at the log of the features service, then send the batch again or apply the pipeline again.",
      }),
    ],
  }),

  record: async (decision, tx, { pipeline, payload }) => {
    if (!("partitions" in decision)) return;
    await insertPartitions(tx, pipeline, payload.viewDigest, decision.partitions);
    if (decision.snapshot !== undefined) await insertSnapshot(tx, pipeline, decision.snapshot);
  },
});

function failed(pipeline: string, build: Build, problem: Problem) {
  const datasetVersion = build.newVersion ?? build.batches.at(-1)?.datasetVersion ?? "none";
  return FeatureViewFailedV1.create(pipeline, { datasetVersion, problem });
}
