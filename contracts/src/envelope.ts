import { z } from "zod";
import { PipelineName } from "./pipeline-name.ts";

const identifier = z.string().min(1).max(256);

/**
 * The CloudEvents 1.0 attributes that every event carries, with the extensions for correlation,
 * tracing and partitioning. `time` is for people: order is never derived from it.
 */
export const Envelope = z.object({
  specversion: z.literal("1.0"),
  id: identifier,
  type: z.string().min(1).max(200),
  source: z.string().min(1).max(1024),
  subject: PipelineName,
  time: z.iso.datetime({ offset: true }).optional(),
  datacontenttype: z.string().max(200).optional(),
  dataschema: z.string().max(1024).optional(),
  correlationid: identifier.optional(),
  causationid: identifier.optional(),
  linkedcascade: identifier.optional(),
  traceparent: z.string().max(256).optional(),
  tracestate: z.string().max(512).optional(),
  partitionkey: identifier.optional(),
});

export type Envelope = z.infer<typeof Envelope>;
