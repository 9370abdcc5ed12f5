import { JetStreamError, type JsMsg, jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { Delivery } from "../runtime/delivery.ts";
import type { Broker, OpenConsumer } from "./broker.ts";
import { watchLine } from "./line.ts";
import { readHeaders, writeHeaders } from "./message-headers.ts";
import { onStatus } from "./on-status.ts";
import { deleteDurable, durableState, ensureDurable, ensureStream } from "./provision.ts";
import { storedAt, streamState } from "./stored-message.ts";

export interface NatsBrokerOptions {
  /** Of the streams that have to be made. */
  readonly replicas: number;
  /** For each question about streams and durables. */
  readonly timeoutMs: number;
}

/** The broker behind a NATS connection. */
export async function natsBroker(
  connection: NatsConnection,
  { replicas, timeoutMs }: NatsBrokerOptions,
): Promise<Broker> {
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: timeoutMs });
  const client = jetstream(connection, { timeout: timeoutMs });
  const line = watchLine(connection);
  const ask = <T>(question: () => Promise<T>) => line.ask(timeoutMs, question);

  async function openConsumer(stream: string, name: string, prefetch: number): Promise<OpenConsumer> {
    const consumer = await ask(() => client.consumers.get(stream, name));
    let isAnswerable = true;
    const messages = await consumer.consume({
      max_messages: prefetch,
      expires: 10_000,
      idle_heartbeat: 2500,
      abort_on_missing_resource: true,
    });
    // The client would ask on by itself, and wait for its expiry where the connection breaks again while it does.
    const forget = line.onLoss(() => {
      isAnswerable = false;
      void messages.close();
    });
    return {
      close: async () => {
        await messages.close();
      },
      async *[Symbol.asyncIterator]() {
        try {
          for await (const message of messages) yield toDelivery(message, stream, () => isAnswerable);
        } finally {
          forget();
        }
      },
    };
  }

  return {
    ensureStream: (definition) => ask(() => ensureStream(manager, definition, replicas)),
    streamState: (stream) => ask(() => streamState(manager, stream)),
    storedAt: (stream, sequence) => ask(() => storedAt(manager, stream, sequence)),
    ensureDurable: (durable, startAt) => ask(() => ensureDurable(manager, durable, startAt)),
    durableState: (durable) => ask(() => durableState(manager, durable)),
    deleteDurable: (durable) => ask(() => deleteDurable(manager, durable)),
    publish: async ({ eventId, stream, subject, headers, payload }, timeoutMs) => {
      const ack = await line.ask(timeoutMs, () =>
        client.publish(subject, payload, {
          msgID: eventId,
          headers: writeHeaders(headers),
          timeout: timeoutMs,
          expect: { streamName: stream },
        }),
      );
      if (ack.stream !== stream) {
        throw new JetStreamError(`${subject} went into ${ack.stream}, not into ${stream}`);
      }
      return ack.seq;
    },
    openConsumer: ({ stream, name }, prefetch) => openConsumer(stream, name, prefetch),
    onReconnect: (act) => onStatus(connection, "reconnect", act),
    isClosed: () => connection.isClosed(),
    check: async () => {
      await connection.rtt();
    },
    tell: (subject, payload) => {
      if (!connection.isClosed()) connection.publish(subject, payload);
    },
  };
}

/** `isAnswerable`: the connection that brought the message is still there. */
function toDelivery(message: JsMsg, stream: string, isAnswerable: () => boolean): Delivery {
  return {
    stream,
    subject: message.subject,
    headers: readHeaders(message.headers),
    payload: message.data,
    position: {
      sequence: message.info.streamSequence,
      storedAt: new Date(Math.floor(message.info.timestampNanos / 1e6)),
    },
    deliveryCount: message.info.deliveryCount,
    ack: () => {
      if (isAnswerable()) message.ack();
    },
    retryIn: (delayMs) => {
      if (isAnswerable()) message.nak(delayMs);
    },
    working: () => {
      if (isAnswerable()) message.working();
    },
  };
}
