import { DatasetValidatedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { findBatch, listBatches, saveBatch } from "../adapters/batches.ts";
import { listHistories } from "../adapters/histories.ts";
import { findPipeline } from "../adapters/pipelines.ts";
import { buildTrainingSet } from "../jobs/build-training-set.ts";

/** Adds the batch to the pipeline's data and plans the training set that holds it. */
export const buildOnDatasetValidated = reaction({
  name: "build-on-dataset-validated",
  on: DatasetValidatedV1,
  emits: [],

  // The batch is written first, so that the list holds it: transactions on one pipeline run one after another.
  load: async ({ pipeline, data }, tx) => {
    const known = await findPipeline(tx, pipeline);
    if (known === undefined) {
      // The pipeline's event may still be under way: the runtime delivers this one again a few times.
      throw new Error(`The pipeline ${pipeline} is not known. Run cascade apply, then redrive this event.`);
    }
    const before = await findBatch(tx, pipeline, data.datasetVersion);
    const isNew = before?.rows.digest !== data.rows.digest;
    if (isNew) saveBatch(tx, pipeline, data);
    const batches = await listBatches(tx, pipeline, known.viewDigest);
    return { known, before, isNew, batches, histories: await listHistories(tx, pipeline, known.view) };
  },

  decide({ id, data }, { known, before, isNew, batches, histories }) {
    if (!isNew) return ignore("BATCH_KNOWN");
    const { version: pipelineVersion, view, viewDigest } = known;
    const newVersion = data.datasetVersion;
    const newRows = Math.max(0, data.rowCount - (before?.rowCount ?? 0));
    const build = { pipelineVersion, view, viewDigest, newVersion, newRows, batches, histories };
    return { jobs: [buildTrainingSet.plan(build, { key: id })] };
  },
});
