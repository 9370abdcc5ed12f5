import {
  type Context,
  context,
  isSpanContextValid,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { describeError } from "../errors.ts";

const tracer = () => trace.getTracer("@cascade/messaging");

const traceparentPattern = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;

/** The context that a W3C traceparent names; the root context where there is none or it is garbage. */
export function contextOf(traceparent: string | undefined): Context {
  const [, traceId, spanId, flags] = traceparentPattern.exec(traceparent ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  const spanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(spanContext) ? trace.setSpanContext(ROOT_CONTEXT, spanContext) : ROOT_CONTEXT;
}

export function traceparentOf(at: Context): string | undefined {
  const spanContext = trace.getSpanContext(at);
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return undefined;
  const flags = spanContext.traceFlags.toString(16).padStart(2, "0");
  return `00-${spanContext.traceId}-${spanContext.spanId}-${flags}`;
}

export interface SpanFields {
  readonly eventId: string;
  readonly eventType: string;
  readonly pipeline: string;
  readonly correlationId: string;
  readonly consumer?: string;
}

function attributesOf(fields: SpanFields) {
  return {
    "messaging.system": "nats",
    "messaging.destination.template": fields.eventType,
    "messaging.message.id": fields.eventId,
    "messaging.message.conversation_id": fields.correlationId,
    "cloudevents.event_id": fields.eventId,
    "cloudevents.event_type": fields.eventType,
    "cloudevents.event_subject": fields.pipeline,
    "cascade.correlation_id": fields.correlationId,
    "cascade.pipeline": fields.pipeline,
    ...(fields.consumer === undefined ? {} : { "messaging.destination.subscription.name": fields.consumer }),
  };
}

/**
 * The span in which an event is handled. Its parent is the context the event carries, so that a whole
 * cascade is one readable tree; a redelivery is a further span under the same parent.
 */
export function startProcessing(
  fields: SpanFields,
  traceparent: string | undefined,
): { span: Span; at: Context } {
  const parent = contextOf(traceparent);
  const span = tracer().startSpan(
    `process ${fields.eventType}`,
    {
      kind: SpanKind.CONSUMER,
      attributes: {
        ...attributesOf(fields),
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
      },
    },
    parent,
  );
  return { span, at: trace.setSpan(parent, span) };
}

/**
 * The span that stands for a new event; its context travels with the event. An event that starts a cascade
 * starts a trace, linked to the one that led to it, so that traces stay finite.
 */
export function traceCreation(
  fields: SpanFields,
  cause: Context,
  startsCascade: boolean,
): string | undefined {
  const causeSpan = trace.getSpanContext(cause);
  const links: Link[] = startsCascade && causeSpan !== undefined ? [{ context: causeSpan }] : [];
  const span = tracer().startSpan(
    `create ${fields.eventType}`,
    {
      kind: SpanKind.PRODUCER,
      links,
      attributes: {
        ...attributesOf(fields),
        "messaging.operation.name": "create",
        "messaging.operation.type": "create",
      },
    },
    startsCascade ? ROOT_CONTEXT : cause,
  );
  span.end();
  return (
    traceparentOf(trace.setSpan(ROOT_CONTEXT, span)) ?? (startsCascade ? undefined : traceparentOf(cause))
  );
}

/** Runs work inside a span and closes it, with the error where there is one. */
export async function inSpan<T>(span: Span, at: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await context.with(at, work);
  } catch (error) {
    failSpan(span, error);
    throw error;
  } finally {
    span.end();
  }
}

export function failSpan(span: Span, error: unknown): void {
  const { name, message, code } = describeError(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.setAttribute("error.type", code ?? name);
}

export function startJobSpan(name: string, fields: SpanFields, traceparent: string | undefined) {
  const parent = contextOf(traceparent);
  const span = tracer().startSpan(
    `job ${name}`,
    { kind: SpanKind.INTERNAL, attributes: attributesOf(fields) },
    parent,
  );
  return { span, at: trace.setSpan(parent, span) };
}
