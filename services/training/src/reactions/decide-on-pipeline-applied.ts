import { PipelineAppliedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { recordPolicy } from "../adapters/record-policy.ts";
import { loadTriggerState, savePipeline } from "../adapters/trigger-states.ts";
import { appliedPipeline } from "../domain/applied-pipeline.ts";
import { applyPipeline } from "../domain/change-state.ts";
import { consequencesOf, policyEvents } from "../domain/consequences.ts";
import { timersFor } from "../domain/timers.ts";

export const decideOnPipelineApplied = reaction({
  name: "decide-on-pipeline-applied",
  on: PipelineAppliedV1,
  emits: policyEvents,

  load: async ({ pipeline }, tx) => ({ state: await loadTriggerState(tx, pipeline) }),

  decide({ id, pipeline, data }, { state, ...given }) {
    const { pipeline: previous } = state;
    if (previous !== undefined && previous.version > data.version) return ignore("OLDER_VERSION");
    const applied = appliedPipeline(data);
    const timers = timersFor(pipeline, applied, previous, { now: given.now, eventId: id });
    // The same file once more changes nothing, but the program beside it may be another one.
    if (previous?.version === data.version) {
      return timers.length === 0 ? ignore("OLDER_VERSION") : { events: [], jobs: timers, renewed: undefined };
    }
    const change = { modelChanged: data.modelChanged, eventId: id };
    const policy = consequencesOf(pipeline, applyPipeline(state, applied, change, given), given);
    const { events, jobs } = policy;
    return { events, jobs: [...jobs, ...timers], renewed: { applied, policy } };
  },

  record: (decision, tx, { pipeline }) => {
    if (decision.renewed === undefined) return;
    savePipeline(tx, pipeline, decision.renewed.applied);
    recordPolicy(decision.renewed.policy, tx, pipeline);
  },
});
