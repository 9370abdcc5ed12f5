import { PipelineAppliedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { findPipeline, savePipeline } from "../adapters/pipelines.ts";

/** A change counts for the next rollout; one in progress keeps the plan that it began with. */
export const keepOnPipelineApplied = reaction({
  name: "keep-on-pipeline-applied",
  on: PipelineAppliedV1,
  emits: [],

  load: async ({ pipeline }, tx) => ({ known: await findPipeline(tx, pipeline) }),

  decide({ data }, { known }) {
    if (known !== undefined && known.version >= data.version) return ignore("PIPELINE_VERSION_KNOWN");
    return { events: [], version: data.version, spec: data.spec };
  },

  record: ({ version, spec }, tx) => savePipeline(tx, version, spec),
});
