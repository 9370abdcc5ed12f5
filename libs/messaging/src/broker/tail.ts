import {
  type AnyEventDefinition,
  eventDefinitions,
  filterSubjectOf,
  maxEventBytes,
  streamOf,
  streamsFor,
} from "@cascade/contracts";
import { type ConsumerMessages, DeliverPolicy, type JsMsg, jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { CloudEvent } from "../codec/cloud-event.ts";
import { decode } from "../codec/decode.ts";
import { describeError } from "../errors.ts";
import type { Logger } from "../observer.ts";
import type { Incoming } from "../reaction.ts";
import { readAs } from "../runtime/incoming.ts";

const limits = { payloadBytesMax: 2 * maxEventBytes, depthMax: 64, headerBytesMax: 16 * 1024 };
const restartDelayMs = 250;

export interface Tail {
  stop(): Promise<void>;
}

export interface WatchOptions<Data> {
  readonly connection: NatsConnection;
  readonly definition: AnyEventDefinition & { readonly example: Data };
  readonly log: Logger;
  /** Called for the last event of each pipeline first, then for every new one; must be idempotent. */
  onEvent(event: Incoming<Data>): Promise<void>;
}

/**
 * Reads desired state: the last event of each pipeline, and what follows. Every replica sees every event,
 * nothing is acknowledged, and after any interruption the last state is read again.
 */
export function watchLatest<Data>({ connection, definition, log, onEvent }: WatchOptions<Data>): Tail {
  const filter = filterSubjectOf(definition);
  return keepReading(connection, streamOf(definition), log, {
    filter,
    policy: { deliver_policy: DeliverPolicy.LastPerSubject },
    onMessage: async (message) => {
      const event = readAs(definition, decodeMessage(message)) as Incoming<Data>;
      await onEvent(event);
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
  /** Volatile streams (prediction logs, serving windows) are left out unless asked for. */
  readonly includeVolatile?: boolean;
  onEvent(event: StoredEvent): void;
}

/** Reads the events of every stream that exists, in stream order; for tools that show them, never for effects. */
export function readEvents(options: ReadEventsOptions): Tail {
  const { connection, log, since, onEvent } = options;
  const wanted = eventDefinitions.filter(({ volatile }) => options.includeVolatile === true || !volatile);
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
        const storedAt = new Date(Math.floor(message.info.timestampNanos / 1e6));
        onEvent({ ...decodeMessage(message), stream: name, storedAt, sizeBytes: message.data.byteLength });
      },
    }),
  );
  return {
    stop: async () => {
      await Promise.all(tails.map((tail) => tail.stop()));
    },
  };
}

interface Reading {
  readonly filter: string;
  readonly policy: { readonly deliver_policy: DeliverPolicy; readonly opt_start_time?: string };
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
        messages = await consumer.consume({ expires: 10_000, idle_heartbeat: 2500 });
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
  const headers: [string, string][] = [];
  for (const [name, values] of message.headers ?? []) for (const value of values) headers.push([name, value]);
  return decode({ headers, payload: message.data, subject: message.subject }, limits);
}
