import { DatasetValidatedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { insertBatch, listBatches } from "../adapters/batches.ts";
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
      throw new Error(`The pipeline ${pipeline} is not known yet. Apply it: cascade apply FILE.`);
    }
    const before = await listBatches(tx, pipeline, known.viewDigest);
    const isNew = !before.some(({ datasetVersion }) => datasetVersion === data.datasetVersion);
    if (isNew) await insertBatch(tx, pipeline, data);
    return { known, isNew, batches: isNew ? await listBatches(tx, pipeline, known.viewDigest) : before };
  },

  decide({ id, data }, { known, isNew, batches }) {
    if (!isNew) return ignore("BATCH_KNOWN");
    const { version: pipelineVersion, view, viewDigest } = known;
    const newVersion = data.datasetVersion;
    const build = { pipelineVersion, view, viewDigest, newVersion, newRows: data.rowCount, batches };
    return { jobs: [buildTrainingSet.plan(build, { key: id })] };
  },
});
