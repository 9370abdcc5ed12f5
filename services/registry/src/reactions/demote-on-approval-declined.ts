import { ApprovalDeclinedV1, ModelVersionDemotedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { findCandidate, insertApproval } from "../adapters/approvals.ts";
import { findChampion } from "../adapters/champions.ts";
import { reasonToIgnoreAnswer } from "../domain/approval.ts";

export const demoteOnApprovalDeclined = reaction({
  name: "demote-on-approval-declined",
  on: ApprovalDeclinedV1,
  emits: [ModelVersionDemotedV1],

  load: async ({ pipeline, data }, tx) => ({
    candidate: await findCandidate(tx, pipeline, data.version),
    present: await findChampion(tx, pipeline),
  }),

  decide({ pipeline, data, id }, { candidate, present, now }) {
    const ignored = reasonToIgnoreAnswer(candidate);
    if (ignored !== undefined) return ignore(ignored);
    const { version, by, reason } = data;
    return {
      answer: { version, answer: "declined" as const, decidedBy: by, reason, eventId: id, at: now },
      events: [
        ModelVersionDemotedV1.create(pipeline, {
          version,
          reason,
          ...(present?.version === undefined ? {} : { championVersion: present.version }),
        }),
      ],
    };
  },

  record: ({ answer }, tx, { pipeline }) => insertApproval(tx, pipeline, answer),
});
