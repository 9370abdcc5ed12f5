import { FeatureViewMaterializedV1 } from "@cascade/contracts";
import { reaction } from "@cascade/messaging";
import { recordPolicy } from "../adapters/record-policy.ts";
import { loadTriggerState } from "../adapters/trigger-states.ts";
import { withSnapshot } from "../domain/change-state.ts";
import { consequencesOf, policyEvents } from "../domain/consequences.ts";
import { reconsiderThenConsider } from "../domain/consider.ts";

export const decideOnFeatureViewMaterialized = reaction({
  name: "decide-on-feature-view-materialized",
  on: FeatureViewMaterializedV1,
  emits: policyEvents,

  load: async ({ pipeline }, tx) => ({ state: await loadTriggerState(tx, pipeline) }),

  decide({ id, pipeline, data }, { state, ...given }) {
    const { snapshotId, trainingSet, newRows } = data;
    const reason = `${newRows} new rows`;
    const renewed = withSnapshot(state, { snapshotId, trainingSet }, newRows, given.now);
    const trigger = { kind: "new-data", eventId: id, reason } as const;
    return consequencesOf(pipeline, reconsiderThenConsider(renewed, trigger, given), given);
  },

  record: (decision, tx, { pipeline }) => recordPolicy(decision, tx, pipeline),
});
