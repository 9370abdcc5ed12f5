import { PipelineAppliedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { recordPolicy } from "../adapters/record-policy.ts";
import { loadTriggerState, savePipeline } from "../adapters/trigger-states.ts";
import { appliedPipeline } from "../domain/applied-pipeline.ts";
import { applyPipeline } from "../domain/change-state.ts";
import { consequencesOf, policyEvents } from "../domain/consequences.ts";

export const decideOnPipelineApplied = reaction({
  name: "decide-on-pipeline-applied",
  on: PipelineAppliedV1,
  emits: policyEvents,

  load: async ({ pipeline }, tx) => ({ state: await loadTriggerState(tx, pipeline) }),

  decide({ id, pipeline, data }, { state, ...given }) {
    if (state.pipeline !== undefined && state.pipeline.version >= data.version)
      return ignore("OLDER_VERSION");
    const applied = appliedPipeline(data);
    const change = { modelChanged: data.modelChanged, eventId: id };
    return { ...consequencesOf(pipeline, applyPipeline(state, applied, change, given), given), applied };
  },

  record: (decision, tx, { pipeline }) => {
    savePipeline(tx, pipeline, decision.applied);
    recordPolicy(decision, tx, pipeline);
  },
});
