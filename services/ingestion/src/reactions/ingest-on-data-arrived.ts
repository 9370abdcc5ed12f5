import { DataArrivedV2 } from "@cascade/contracts";
import { reaction } from "@cascade/messaging";
import { ingestBatch } from "../jobs/ingest-batch.ts";

export const ingestOnDataArrived = reaction({
  name: "ingest-on-data-arrived",
  on: DataArrivedV2,
  emits: [],

  decide: ({ id, data: { files, batch } }) => ({
    jobs: [ingestBatch.plan({ eventId: id, source: { kind: "files", files, batch } }, { key: id })],
  }),
});
