import { PipelineAppliedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { listBatches } from "../adapters/batches.ts";
import { listHistories } from "../adapters/histories.ts";
import { findPipeline, savePipeline } from "../adapters/pipelines.ts";
import { sameTrainingSet, viewDigest, viewOf } from "../domain/view.ts";
import { buildTrainingSet } from "../jobs/build-training-set.ts";

/** Keeps the view; where it has changed, the training set is built anew from all batches. */
export const keepViewOnPipelineApplied = reaction({
  name: "keep-view-on-pipeline-applied",
  on: PipelineAppliedV1,
  emits: [],

  load: async ({ pipeline, data }, tx) => ({
    known: await findPipeline(tx, pipeline),
    batches: await listBatches(tx, pipeline, viewDigest(viewOf(data))),
    histories: await listHistories(tx, pipeline, viewOf(data)),
  }),

  decide({ id, data }, { known, batches, histories }) {
    if (known !== undefined && known.version >= data.version) return ignore("OLDER_VERSION");
    const view = viewOf(data);
    const applied = { version: data.version, view, viewDigest: viewDigest(view) };
    // Compared with what is known here and not only by `modelChanged`, which speaks of the version before:
    // that one may have been overtaken.
    const changed = data.modelChanged || known === undefined || !sameTrainingSet(known.view, view);
    if (!changed || batches.length === 0) return { jobs: [], applied };
    const build = {
      pipelineVersion: data.version,
      view,
      viewDigest: applied.viewDigest,
      newVersion: null,
      newRows: 0,
      batches,
      histories,
    };
    return { jobs: [buildTrainingSet.plan(build, { key: id })], applied };
  },

  record: ({ applied }, tx, { pipeline }) => savePipeline(tx, pipeline, applied),
});
