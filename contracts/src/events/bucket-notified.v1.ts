import { z } from "zod";
import { defineEvent } from "../event-definition.ts";

/** In place of a pipeline's name: which one an object is for is what the pipelines declare in data.sources. */
export const anyPipeline = "s3";

const NotifiedObject = z.object({
  /** Encoded as in an address, with + for a space. */
  key: z.string().min(1).max(4096),
  size: z.number().optional(),
  eTag: z.string().max(200).optional(),
  versionId: z.string().max(1024).optional(),
  sequencer: z.string().max(200).optional(),
});

const Record = z.object({
  eventName: z.string().max(200),
  eventTime: z.string().max(64).optional(),
  s3: z.object({ bucket: z.object({ name: z.string().min(1).max(255) }), object: NotifiedObject }),
});

export const BucketNotifiedV1 = defineEvent({
  name: "bucket.notified",
  version: 1,
  owner: "outside",
  consumers: ["ingestion"],
  summary:
    "Objects of a bucket were created or changed, as S3, MinIO and RustFS say it in JSON of their own.",
  schema: z.object({
    /** Absent in the message by which S3 tries whether notifications arrive. */
    Records: z.array(Record).max(1000).optional(),
  }),
  example: {
    Records: [
      {
        eventName: "s3:ObjectCreated:Put",
        eventTime: "2001-01-08T00:10:00.000Z",
        s3: {
          bucket: { name: "flights" },
          object: { key: "2001%2Fw01.parquet", size: 415_230, eTag: "9b2cf535", sequencer: "17A5F9C1" },
        },
      },
    ],
  },
  foreign: {
    source: "urn:cascade:bucket-notice",
    identityOf: ({ Records = [] }) =>
      JSON.stringify(
        Records.map(({ eventName, eventTime, s3: { bucket, object } }) => [
          ...[eventName, bucket.name, object.key, object.versionId ?? "", object.eTag ?? ""],
          // Of the same object written twice with the same bytes, one is told by its time where there is no sequencer.
          object.sequencer ?? eventTime ?? "",
        ]),
      ),
  },
});
