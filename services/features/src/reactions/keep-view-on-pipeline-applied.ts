import { PipelineAppliedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { listBatches } from "../adapters/batches.ts";
import { findPipeline, savePipeline } from "../adapters/pipelines.ts";
import { viewDigest, viewOf } from "../domain/view.ts";
import { buildTrainingSet } from "../jobs/build-training-set.ts";

/** Keeps the view; where the model's own part has changed, the training set is built anew from all batches. */
export const keepViewOnPipelineApplied = reaction({
  name: "keep-view-on-pipeline-applied",
  on: PipelineAppliedV1,
  emits: [],

  load: async ({ pipeline, data }, tx) => ({
    known: await findPipeline(tx, pipeline),
    batches: await listBatches(tx, pipeline, viewDigest(viewOf(data))),
  }),

  decide({ data }, { known, batches }) {
    if (known !== undefined && known.version >= data.version) return ignore("OLDER_VERSION");
    const view = viewOf(data);
    const applied = { version: data.version, view, viewDigest: viewDigest(view) };
    if (!data.modelChanged || batches.length === 0) return { applied };
    const build = {
      pipelineVersion: data.version,
      view,
      viewDigest: applied.viewDigest,
      newVersion: null,
      newRows: 0,
      batches,
    };
    return {
      applied,
      jobs: [buildTrainingSet.plan(build, { key: `applied/${data.version}/${applied.viewDigest}` })],
    };
  },

  record: ({ applied }, tx, { pipeline }) => savePipeline(tx, pipeline, applied),
});
