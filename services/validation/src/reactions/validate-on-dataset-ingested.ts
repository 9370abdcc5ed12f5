import { DatasetIngestedV1 } from "@cascade/contracts";
import { reaction } from "@cascade/messaging";
import { findPipeline } from "../adapters/pipelines.ts";
import { validationErrors } from "../errors.ts";
import { validateDataset } from "../jobs/validate-dataset.ts";

export const validateOnDatasetIngested = reaction({
  name: "validate-on-dataset-ingested",
  on: DatasetIngestedV1,
  emits: [],

  load: async ({ pipeline }, tx) => ({ judged: await findPipeline(tx, pipeline) }),

  decide({ id, pipeline, data: { datasetVersion, rows, columns } }, { judged, now }) {
    // The pipeline's event may still be under way: the runtime delivers this one again a few times.
    if (judged === undefined) throw validationErrors.pipelineUnknown(pipeline);
    const { demands, demandsDigest } = judged;
    const arrivedAt = now.toISOString();
    const submission = { datasetVersion, rows, columns, demands, demandsDigest, arrivedAt };
    return { jobs: [validateDataset.plan(submission, { key: id })] };
  },
});
