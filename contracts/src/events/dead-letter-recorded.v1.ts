import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { sampleEventId } from "../samples.ts";
import { count, identifier } from "../shapes.ts";

export const deadLetterReasons = [
  "rejected",
  "attempts-exhausted",
  "undecodable",
  "unsupported-version",
] as const;
export type DeadLetterReason = (typeof deadLetterReasons)[number];

export const DeadLetterRecordedV1 = defineEvent({
  name: "dead-letter.recorded",
  version: 1,
  owner: "runtime",
  consumers: [],
  terminal: "for operators, who look at it and redrive it",
  summary: "An event could not be handled and was set aside with its bytes.",
  schema: z.object({
    deadLetterId: identifier,
    service: identifier,
    handler: identifier,
    reason: z.enum(deadLetterReasons),
    error: z.object({
      name: z.string().max(200),
      code: z.string().max(200).optional(),
      message: z.string().max(8000),
    }),
    attempts: count,
    event: z.object({
      id: z.string().max(256),
      type: z.string().max(200),
      subject: z.string().max(1024),
      /** As text, for people; what is no UTF-8 shows as replacement characters. */
      payload: z.string().max(65_536),
      payloadTruncated: z.boolean(),
      /** The length of the whole payload, also where `payload` is cut. */
      payloadBytes: count.optional(),
      /** The bytes themselves, cut at the same place; only where they are no UTF-8. */
      payloadBase64: z.string().max(65_536).optional(),
      headers: z
        .array(z.object({ name: z.string().max(256), value: z.string().max(1024) }))
        .max(64)
        .optional(),
      /** The headers above are cut, or some are left out. */
      headersTruncated: z.boolean().optional(),
    }),
  }),
  example: {
    deadLetterId: "0199a4c0-7f30-7000-8000-000000000004",
    service: "training",
    handler: "request-run-on-drift-detected",
    reason: "attempts-exhausted",
    error: { name: "TypeError", message: "fetch failed" },
    attempts: 5,
    event: {
      id: sampleEventId,
      type: "cascade.drift.detected.v1",
      subject: "cascade.drift.detected.v1.flight-delays",
      payload: "{}",
      payloadTruncated: false,
      payloadBytes: 2,
      headers: [{ name: "ce-type", value: "cascade.drift.detected.v1" }],
      headersTruncated: false,
    },
  },
});
