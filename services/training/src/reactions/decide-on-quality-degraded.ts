import { QualityDegradedV1 } from "@cascade/contracts";
import { reaction } from "@cascade/messaging";
import { recordPolicy } from "../adapters/record-policy.ts";
import { loadTriggerState } from "../adapters/trigger-states.ts";
import { consequencesOf, policyEvents } from "../domain/consequences.ts";
import { consider } from "../domain/consider.ts";
import { qualityReason } from "../domain/reasons.ts";

export const decideOnQualityDegraded = reaction({
  name: "decide-on-quality-degraded",
  on: QualityDegradedV1,
  emits: policyEvents,

  load: async ({ pipeline }, tx) => ({ state: await loadTriggerState(tx, pipeline) }),

  decide({ id, pipeline, data }, { state, ...given }) {
    const trigger = { kind: "quality-drop", eventId: id, reason: qualityReason(data) } as const;
    return consequencesOf(pipeline, consider(state, trigger, given), given);
  },

  record: (decision, tx, { pipeline }) => recordPolicy(decision, tx, pipeline),
});
