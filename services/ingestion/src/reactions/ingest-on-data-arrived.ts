import { DataArrivedV2, DatasetIngestionFailedV1 } from "@cascade/contracts";
import { reaction } from "@cascade/messaging";
import { type Arrival, fewFiles, filesOf, unreadableUri } from "../domain/arrival.ts";
import { readable } from "../domain/readable.ts";
import { ingestionErrors, problemOf } from "../errors.ts";
import { ingestBatch } from "../jobs/ingest-batch.ts";

export const ingestOnDataArrived = reaction({
  name: "ingest-on-data-arrived",
  on: DataArrivedV2,
  emits: [DatasetIngestionFailedV1],

  decide({ id, pipeline, data: { files, batch, resubmits } }) {
    const source = {
      kind: "files" as const,
      files,
      batch: batch === undefined ? batch : readable(batch),
      resubmits: resubmits === undefined ? resubmits : readable(resubmits),
    };
    const arrival: Arrival = { eventId: id, source };
    const unreadable = unreadableUri(files);
    if (unreadable === undefined) return { events: [], jobs: [ingestBatch.plan(arrival, { key: id })] };
    const problem = problemOf(ingestionErrors.uriUnreadable(unreadable));
    const told = { problem, files: fewFiles(filesOf(arrival)) };
    return { events: [DatasetIngestionFailedV1.create(pipeline, told)], jobs: [] };
  },
});
