import {
  type AnyEventDefinition,
  type Envelope,
  maxEventBytes,
  type NewEvent,
  schemaUriOf,
  streamOf,
  subjectOf,
} from "@cascade/contracts";
import type { Context } from "@opentelemetry/api";
import { z } from "zod";
import { encodeBinary } from "../codec/encode-binary.ts";
import { MessagingError } from "../errors.ts";
import type { OutboxRow } from "../store/outbox.ts";
import { traceCreation } from "./tracing.ts";

export interface Origin {
  readonly source: string;
  /** Absent for the root of a cascade. */
  readonly cause?: { readonly eventId: string; readonly correlationId: string };
  readonly at: Context;
  readonly now: Date;
  newId(): string;
}

/** Turns what a decision returned into the bytes that will be published: checked, addressed, traced. */
export function prepareEvent(event: NewEvent, origin: Origin): OutboxRow {
  const { definition } = event;
  const data = checkedData(definition, event.data);
  const eventId = origin.newId();
  const root = definition.startsCascade || origin.cause === undefined;
  const correlationId = root ? eventId : (origin.cause?.correlationId ?? eventId);
  const fields = { eventId, eventType: definition.type, pipeline: event.pipeline, correlationId };
  const traceparent = traceCreation(fields, origin.at, root);
  const linked = event.linkedTo ?? (definition.startsCascade ? origin.cause?.correlationId : undefined);
  const envelope: Envelope = {
    specversion: "1.0",
    id: eventId,
    type: definition.type,
    source: origin.source,
    subject: event.pipeline,
    time: origin.now.toISOString(),
    datacontenttype: "application/json",
    dataschema: schemaUriOf(definition.type),
    correlationid: correlationId,
    ...(origin.cause === undefined ? {} : { causationid: origin.cause.eventId }),
    ...(linked === undefined || linked === correlationId ? {} : { linkedcascade: linked }),
    ...(traceparent === undefined ? {} : { traceparent }),
    partitionkey: event.pipeline,
  };
  const { headers, payload } = encodeBinary({ envelope, data });
  if (payload.byteLength > maxEventBytes) {
    throw new MessagingError(
      "EVENT_TOO_LARGE",
      `${definition.type} has ${payload.byteLength} bytes of data, ${maxEventBytes} are allowed; ` +
        "store what is large as an artifact and put its reference into the event.",
    );
  }
  return {
    eventId,
    eventType: definition.type,
    pipeline: event.pipeline,
    stream: streamOf(definition),
    subject: subjectOf(definition, event.pipeline),
    headers,
    payload,
    correlationId,
  };
}

function checkedData(definition: AnyEventDefinition, data: unknown): unknown {
  const result = definition.schema.safeParse(data);
  if (result.success) return result.data;
  throw new MessagingError(
    "EVENT_INVALID",
    `${definition.type} does not meet its own contract: ${z.prettifyError(result.error)}`,
  );
}
