import { ModelVersionDemotedV1, ModelVersionPromotedV1, RolloutRolledBackV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { findChampion, insertChampion } from "../adapters/champions.ts";
import { findModelVersion } from "../adapters/model-versions.ts";
import { moveChampion } from "../domain/champion.ts";
import { promoted } from "../domain/promotion-events.ts";

/**
 * The deployment has returned the traffic already; here the alias follows it. The version that serves again
 * is promoted by an event of its own, for that is all that the evaluation and the monitoring listen to.
 */
export const demoteOnRolloutRolledBack = reaction({
  name: "demote-on-rollout-rolled-back",
  on: RolloutRolledBackV1,
  emits: [ModelVersionDemotedV1, ModelVersionPromotedV1],

  load: async ({ pipeline, data }, tx) => ({
    present: await findChampion(tx, pipeline),
    earlier:
      data.previousVersion === undefined
        ? undefined
        : await findModelVersion(tx, pipeline, data.previousVersion),
  }),

  decide({ pipeline, data, id }, { present, earlier, now }) {
    const { version, previousVersion } = data;
    // A newer version has been promoted since, or the rollback was told before.
    if (present?.version !== version) return ignore("VERSION_IS_NOT_CHAMPION");
    if (previousVersion === version) return ignore("VERSION_SERVES_AGAIN");
    if (previousVersion !== undefined && earlier === undefined) return ignore("EARLIER_VERSION_UNKNOWN");
    const reason = `rolled back: ${data.reason}`.slice(0, 8000);
    const move = moveChampion(present, earlier?.version, { decidedBy: "rollback", reason });
    const demoted = ModelVersionDemotedV1.create(pipeline, {
      version,
      reason,
      ...(earlier === undefined ? {} : { championVersion: earlier.version }),
    });
    return {
      move,
      cause: { eventId: id, at: now },
      events: [demoted, ...(earlier === undefined ? [] : [promoted(pipeline, earlier, move)])],
    };
  },

  record: ({ move, cause }, tx, { pipeline }) => insertChampion(tx, pipeline, move, cause),
});
