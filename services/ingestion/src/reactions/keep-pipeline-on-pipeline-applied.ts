import { PipelineAppliedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { findPipeline, savePipeline } from "../adapters/pipelines.ts";
import { firstLook, lookKey, watchedSources } from "../domain/looks.ts";
import { readPipeline } from "../domain/read-pipeline.ts";
import { lookForData } from "../jobs/look-for-data.ts";

export const keepPipelineOnPipelineApplied = reaction({
  name: "keep-pipeline-on-pipeline-applied",
  on: PipelineAppliedV1,
  emits: [],

  load: async ({ pipeline }, tx) => ({ known: await findPipeline(tx, pipeline) }),

  decide({ pipeline, data }, { known }) {
    if (known !== undefined && known.version >= data.version) return ignore("OLDER_VERSION");
    const applied = readPipeline(data);
    const watched = watchedSources(applied.reading.sources ?? []);
    return {
      jobs: watched.map((source) =>
        lookForData.plan(firstLook(source, data.version), lookKey(pipeline, source, data.version, 0)),
      ),
      applied,
    };
  },

  record: ({ applied }, tx, { pipeline }) => savePipeline(tx, pipeline, applied),
});
