import { RetrainingRequestedV1 } from "@cascade/contracts";
import { reaction } from "@cascade/messaging";
import { recordPolicy } from "../adapters/record-policy.ts";
import { loadTriggerState } from "../adapters/trigger-states.ts";
import { consequencesOf, policyEvents } from "../domain/consequences.ts";
import { consider } from "../domain/consider.ts";

export const decideOnRetrainingRequested = reaction({
  name: "decide-on-retraining-requested",
  on: RetrainingRequestedV1,
  emits: policyEvents,

  load: async ({ pipeline }, tx) => ({ state: await loadTriggerState(tx, pipeline) }),

  decide({ id, pipeline, data }, { state, ...given }) {
    const reason = `asked for by ${data.by}: ${data.reason}`.slice(0, 8000);
    return consequencesOf(pipeline, consider(state, { kind: "request", eventId: id, reason }, given), given);
  },

  record: (decision, tx, { pipeline }) => recordPolicy(decision, tx, pipeline),
});
