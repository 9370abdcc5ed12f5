import { PipelineAppliedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { loadScene, savePolicy } from "../adapters/pipelines.ts";
import { monitoringPolicy } from "../domain/monitoring-policy.ts";

export const keepPolicyOnPipelineApplied = reaction({
  name: "keep-policy-on-pipeline-applied",
  on: PipelineAppliedV1,
  emits: [],

  load: ({ pipeline }, tx) => loadScene(tx, pipeline),

  decide({ data }, { policyVersion = 0 }) {
    if (policyVersion >= data.version) return ignore("OLDER_VERSION");
    return { events: [], version: data.version, policy: monitoringPolicy(data) };
  },

  record: ({ version, policy }, tx, { pipeline }) => savePolicy(tx, pipeline, version, policy),
});
