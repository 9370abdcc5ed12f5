import { PipelineAppliedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { findPolicy, savePolicy } from "../adapters/tables.ts";
import { evaluationPolicy } from "../domain/applied-pipeline.ts";

export const keepPolicyOnPipelineApplied = reaction({
  name: "keep-policy-on-pipeline-applied",
  on: PipelineAppliedV1,
  emits: [],

  load: async ({ pipeline }, tx) => ({ known: await findPolicy(tx, pipeline) }),

  decide({ data }, { known }) {
    if (known !== undefined && known.version >= data.version) return ignore("OLDER_VERSION");
    return { events: [], policy: evaluationPolicy(data) };
  },

  record: ({ policy }, tx, { pipeline }) => savePolicy(tx, pipeline, policy),
});
