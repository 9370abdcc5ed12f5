import { type DataOf, DatasetIngestedV1 } from "@cascade/contracts";
import { reaction } from "@cascade/messaging";
import { findPipeline } from "../adapters/pipelines.ts";
import { countQuarantined } from "../adapters/reports.ts";
import { validationErrors } from "../errors.ts";
import { validateDataset } from "../jobs/validate-dataset.ts";

export const validateOnDatasetIngested = reaction({
  name: "validate-on-dataset-ingested",
  on: DatasetIngestedV1,
  emits: [],

  load: async ({ pipeline, data: { resubmits } }, tx) => ({
    judged: await findPipeline(tx, pipeline),
    quarantined: resubmits === undefined ? 0 : await countQuarantined(tx, pipeline, resubmits),
  }),

  decide({ id, pipeline, data }, { judged, quarantined, now }) {
    // The pipeline's event may still be under way: the runtime delivers this one again a few times.
    if (judged === undefined) throw validationErrors.pipelineUnknown(pipeline);
    const { demands, demandsDigest } = judged;
    const { datasetVersion, rows, columns, rowCount } = data;
    // Whoever says so alone does not make a batch a correction, of which less is demanded: there must be such rows.
    const resubmits = rowCount <= quarantined ? data.resubmits : undefined;
    const arrivedAt = now.toISOString();
    const source = sourceOf(data);
    const submission = {
      datasetVersion,
      rows,
      columns,
      demands,
      demandsDigest,
      resubmits,
      source,
      arrivedAt,
    };
    return { jobs: [validateDataset.plan(submission, { key: id })] };
  },
});

/** What a reader of the report knows the batch by. */
function sourceOf({ batch, files }: DataOf<typeof DatasetIngestedV1>): string | undefined {
  const [first, ...others] = files.map(({ uri }) => uri);
  if (first === undefined) return batch;
  const named = batch === undefined ? first : `${batch}: ${first}`;
  return others.length === 0 ? named : `${named} and ${others.length} more files`;
}
