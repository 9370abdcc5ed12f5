import { PipelineAppliedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { findPipeline, savePipeline } from "../adapters/pipelines.ts";
import { readDemands } from "../domain/demands.ts";

export const keepDemandsOnPipelineApplied = reaction({
  name: "keep-demands-on-pipeline-applied",
  on: PipelineAppliedV1,
  emits: [],

  load: async ({ pipeline }, tx) => ({ known: await findPipeline(tx, pipeline) }),

  decide({ data }, { known }) {
    if (known !== undefined && known.version >= data.version) return ignore("OLDER_VERSION");
    return { events: [], applied: readDemands(data) };
  },

  record: ({ applied }, tx, { pipeline }) => savePipeline(tx, pipeline, applied),
});
