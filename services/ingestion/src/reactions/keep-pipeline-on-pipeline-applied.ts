import { PipelineAppliedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { findPipeline, savePipeline } from "../adapters/pipelines.ts";
import { readPipeline } from "../domain/read-pipeline.ts";

export const keepPipelineOnPipelineApplied = reaction({
  name: "keep-pipeline-on-pipeline-applied",
  on: PipelineAppliedV1,
  emits: [],

  load: async ({ pipeline }, tx) => ({ known: await findPipeline(tx, pipeline) }),

  decide({ data }, { known }) {
    if (known !== undefined && known.version >= data.version) return ignore("OLDER_VERSION");
    return { events: [], applied: readPipeline(data) };
  },

  record: ({ applied }, tx, { pipeline }) => savePipeline(tx, pipeline, applied),
});
