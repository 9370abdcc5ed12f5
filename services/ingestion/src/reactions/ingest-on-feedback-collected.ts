import { FeedbackCollectedV1 } from "@cascade/contracts";
import { reaction } from "@cascade/messaging";
import { ingestBatch } from "../jobs/ingest-batch.ts";

export const ingestOnFeedbackCollected = reaction({
  name: "ingest-on-feedback-collected",
  on: FeedbackCollectedV1,
  emits: [],

  decide: ({ id, data: { batchId, rows } }) => ({
    jobs: [ingestBatch.plan({ eventId: id, source: { kind: "feedback", batchId, rows } }, { key: id })],
  }),
});
