import { BucketNotifiedV1 } from "@cascade/contracts";
import { ignore, reaction } from "@cascade/messaging";
import { findBucketSources } from "../adapters/pipelines.ts";
import { bucketsOf, notifiedObjects } from "../domain/notified-objects.ts";
import { ingestBatch } from "../jobs/ingest-batch.ts";

export const ingestOnBucketNotified = reaction({
  name: "ingest-on-bucket-notified",
  on: BucketNotifiedV1,
  emits: [],

  load: async ({ data }, tx) => ({ declared: await findBucketSources(tx, bucketsOf(data)) }),

  decide({ id, pipeline: addressee, data }, { declared }) {
    const objects = notifiedObjects(data, addressee, declared);
    if (!Array.isArray(objects)) return ignore(objects);
    return {
      jobs: objects.map(({ pipeline, uri }) =>
        ingestBatch.plan(
          { eventId: id, source: { kind: "files", files: [{ uri }] } },
          { key: `${id} ${pipeline} ${uri}`, pipeline },
        ),
      ),
    };
  },
});
