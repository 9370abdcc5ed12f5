import { ApprovalGivenV1, ModelVersionPromotedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { findCandidate, insertApproval } from "../adapters/approvals.ts";
import { findChampion, insertChampion } from "../adapters/champions.ts";
import { findModelVersion } from "../adapters/model-versions.ts";
import { reasonToIgnoreAnswer } from "../domain/approval.ts";
import { moveChampion } from "../domain/champion.ts";
import { promoted } from "../domain/promotion-events.ts";

export const promoteOnApprovalGiven = reaction({
  name: "promote-on-approval-given",
  on: ApprovalGivenV1,
  emits: [ModelVersionPromotedV1],

  load: async ({ pipeline, data }, tx) => ({
    candidate: await findCandidate(tx, pipeline, data.version),
    modelVersion: await findModelVersion(tx, pipeline, data.version),
    present: await findChampion(tx, pipeline),
  }),

  decide({ pipeline, data, id }, { candidate, modelVersion, present, now }) {
    const reason = reasonToIgnoreAnswer(candidate);
    if (reason !== undefined) return ignore(reason);
    if (modelVersion === undefined) return ignore("VERSION_UNKNOWN");
    const why = { decidedBy: data.by, reason: data.reason };
    const move = moveChampion(present, data.version, why);
    return {
      move,
      answer: { version: data.version, answer: "given" as const, ...why, eventId: id, at: now },
      events: [promoted(pipeline, modelVersion, move)],
    };
  },

  record: ({ move, answer }, tx, { pipeline }) => {
    insertApproval(tx, pipeline, answer);
    insertChampion(tx, pipeline, move, answer);
  },
});
