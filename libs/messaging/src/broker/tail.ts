import {
  type AnyEventDefinition,
  eventDefinitions,
  filterSubjectOf,
  maxEventBytes,
  streamOf,
  streamsFor,
} from "@cascade/contracts";
import {
  type Consumer,
  type ConsumerMessages,
  DeliverPolicy,
  JetStreamApiCodes,
  type JsMsg,
  jetstream,
} from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { CloudEvent } from "../codec/cloud-event.ts";
import { decode } from "../codec/decode.ts";
import { MalformedEventError } from "../codec/errors.ts";
import { describeError } from "../errors.ts";
import type { Logger } from "../observer.ts";
import type { Incoming } from "../reaction.ts";
import { readAs } from "../runtime/incoming.ts";
import { hasApiCode } from "./api-error.ts";
import { readHeaders } from "./message-headers.ts";
import { onStatus } from "./on-status.ts";

const limits = { payloadBytesMax: 2 * maxEventBytes, depthMax: 64, headerBytesMax: 16 * 1024 };
const restartDelayMs = 250;

export interface Tail {
  stop(): Promise<void>;
}

export interface WatchOptions<Data> {
  readonly connection: NatsConnection;
  readonly definition: AnyEventDefinition & { readonly example: Data };
  readonly log: Logger;
  /** Rises with every event of a pipeline, such as a revision. */
  rank(data: Data): number;
  /** Called for the highest event of each pipeline first, then for every higher one; must be idempotent. */
  onEvent(event: Incoming<Data>): Promise<void>;
}

/**
 * Reads desired state: the highest event of each pipeline, and what follows. Every replica sees every event, nothing
 * is acknowledged, and after any interruption the state is read again.
 *
 * It reads all of the past and not only the last message of each subject: an event whose publisher was cut off is
 * published by a sweep later, behind one that was decided after it, and would then stay the last one for good.
 */
export function watchLatest<Data>({ connection, definition, log, rank, onEvent }: WatchOptions<Data>): Tail {
  const highest = new Map<string, Incoming<Data>>();
  let isPast = true;

  /** Undefined where a higher one was there before. */
  const keep = (message: JsMsg): Incoming<Data> | undefined => {
    const event = readAs(definition, decodeMessage(message)) as Incoming<Data>;
    const known = highest.get(event.pipeline);
    if (known !== undefined && rank(known.data) > rank(event.data)) return undefined;
    highest.set(event.pipeline, event);
    return event;
  };

  return keepReading(connection, streamOf(definition), log, {
    filter: filterSubjectOf(definition),
    policy: { deliver_policy: DeliverPolicy.All },
    onStart: () => {
      highest.clear();
      isPast = true;
    },
    onMessage: async (message) => {
      try {
        const event = keep(message);
        if (!isPast && event !== undefined) await onEvent(event);
      } finally {
        // Also where the last message of the past cannot be read.
        if (isPast && message.info.pending === 0) {
          isPast = false;
          for (const event of highest.values()) await onEvent(event);
        }
      }
    },
  });
}

export interface StoredEvent extends CloudEvent {
  readonly stream: string;
  readonly storedAt: Date;
  readonly sizeBytes: number;
}

export interface ReadEventsOptions {
  readonly connection: NatsConnection;
  readonly log: Logger;
  /** Where to begin; from now on where it is left out, from the very first event for `"beginning"`. */
  readonly since?: Date | "beginning";
  /** Which event types are read; prediction logs and serving windows are left out unless asked for. */
  include?(definition: AnyEventDefinition): boolean;
  onEvent(event: StoredEvent): void;
}

/** Reads the events of every stream that exists, in stream order; for tools that show them, never for effects. */
export function readEvents(options: ReadEventsOptions): Tail {
  const { connection, log, since, onEvent } = options;
  const include = options.include ?? (({ volatile }) => !volatile);
  const wanted = eventDefinitions.filter((definition) => include(definition));
  const policy =
    since === "beginning"
      ? { deliver_policy: DeliverPolicy.All }
      : since === undefined
        ? { deliver_policy: DeliverPolicy.New }
        : { deliver_policy: DeliverPolicy.StartTime, opt_start_time: since.toISOString() };
  const tails = streamsFor(wanted).map(({ name }) =>
    keepReading(connection, name, log, {
      filter: "cascade.>",
      policy,
      onMessage: async (message) => {
        const event = storedEvent(message, name);
        if (event !== undefined) onEvent(event);
      },
    }),
  );
  return {
    stop: async () => {
      await Promise.all(tails.map((tail) => tail.stop()));
    },
  };
}

export interface CollectOptions {
  readonly connection: NatsConnection;
  /** `last`: only the newest event of each type and pipeline; `all`: every event that is kept. */
  readonly which: "last" | "all";
  /** A NATS subject filter such as `cascade.dead-letter.*.*.*`; everything where it is left out. */
  readonly subject?: string;
}

/** Reads the events that are stored now and returns them in the order in which they were stored. */
export async function collectEvents({ connection, which, subject }: CollectOptions): Promise<StoredEvent[]> {
  // Not asked for: who may read some streams need not be allowed to see which others there are.
  const wanted = eventDefinitions.filter((definition) => mayMatch(subject, definition));
  const names = streamsFor(wanted).map(({ name }) => name);
  const deliver_policy = which === "last" ? DeliverPolicy.LastPerSubject : DeliverPolicy.All;
  const perStream = await Promise.all(
    names.map((name) => collectStream(connection, name, subject, deliver_policy)),
  );
  return perStream.flat().sort((a, b) => a.storedAt.getTime() - b.storedAt.getTime());
}

/** Whether a subject filter such as `cascade.dead-letter.*.*.*` may cover events of this type. */
function mayMatch(subject: string | undefined, { entity, predicate }: AnyEventDefinition): boolean {
  if (subject === undefined) return true;
  const [, wantedEntity = ">", wantedPredicate = ">"] = subject.split(".");
  const covers = (token: string, value: string) => token === value || token === "*" || token === ">";
  return covers(wantedEntity, entity) && (wantedEntity === ">" || covers(wantedPredicate, predicate));
}

async function collectStream(
  connection: NatsConnection,
  stream: string,
  subject: string | undefined,
  deliver_policy: DeliverPolicy,
): Promise<StoredEvent[]> {
  const consumer = await openConsumer(connection, stream, subject ?? "cascade.>", deliver_policy);
  if (consumer === undefined) return [];
  const { num_pending: pending } = await consumer.info();
  const events: StoredEvent[] = [];
  if (pending === 0) return events;
  const messages = await consumer.consume({ expires: 10_000, idle_heartbeat: 2500 });
  for await (const message of messages) {
    const event = storedEvent(message, stream);
    if (event !== undefined) events.push(event);
    if (message.info.pending === 0) break;
  }
  return events;
}

/** Undefined where there is no such stream yet, and so nothing in it. */
async function openConsumer(
  connection: NatsConnection,
  stream: string,
  filter: string,
  deliver_policy: DeliverPolicy,
): Promise<Consumer | undefined> {
  try {
    return await jetstream(connection).consumers.get(stream, { filter_subjects: filter, deliver_policy });
  } catch (error) {
    if (hasApiCode(error, JetStreamApiCodes.StreamNotFound)) return undefined;
    throw error;
  }
}

/** Undefined where the bytes are no CloudEvent: a service records those as dead letters. */
function storedEvent(message: JsMsg, stream: string): StoredEvent | undefined {
  try {
    const storedAt = new Date(Math.floor(message.info.timestampNanos / 1e6));
    return { ...decodeMessage(message), stream, storedAt, sizeBytes: message.data.byteLength };
  } catch (error) {
    if (error instanceof MalformedEventError) return undefined;
    throw error;
  }
}

interface Reading {
  readonly filter: string;
  readonly policy: { readonly deliver_policy: DeliverPolicy; readonly opt_start_time?: string };
  /**
   * Called before the stream is read from its beginning. Where this is given, it is read again after each reconnect:
   * the client would go on behind the last sequence it has seen, and a broker that came back with an older store
   * gives those sequences to other events.
   */
  onStart?(): void;
  onMessage(message: JsMsg): Promise<void>;
}

function keepReading(connection: NatsConnection, stream: string, log: Logger, reading: Reading): Tail {
  const client = jetstream(connection);
  let stopped = false;
  let messages: ConsumerMessages | undefined;
  let endPause: () => void = () => {};

  const loop = async () => {
    while (!stopped) {
      try {
        const consumer = await client.consumers.get(stream, {
          filter_subjects: reading.filter,
          ...reading.policy,
        });
        // Who stops while this opens finds nothing to close.
        if (stopped) return;
        messages = await consumer.consume({ expires: 10_000, idle_heartbeat: 2500 });
        // Not waited for: it closes by being read to its end, below.
        if (stopped) void messages.close();
        reading.onStart?.();
        for await (const message of messages) await receive(message);
      } catch (error) {
        if (stopped) return;
        log.debug({ stream, error: describeError(error) }, "a stream cannot be read yet; trying again");
      }
      if (stopped) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, restartDelayMs);
        endPause = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };

  if (reading.onStart !== undefined) onStatus(connection, "reconnect", () => void messages?.close());

  const receive = async (message: JsMsg) => {
    try {
      await reading.onMessage(message);
    } catch (error) {
      log.warn({ subject: message.subject, error: describeError(error) }, "an event could not be read");
    }
  };

  const finished = loop();
  return {
    stop: async () => {
      stopped = true;
      endPause();
      await messages?.close();
      await finished;
    },
  };
}

function decodeMessage(message: JsMsg): CloudEvent {
  return decode(
    { headers: readHeaders(message.headers), payload: message.data, subject: message.subject },
    limits,
  );
}
