import {
  type ConsumerMessages,
  JetStreamError,
  type JsMsg,
  jetstream,
  jetstreamManager,
} from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { Delivery } from "../runtime/delivery.ts";
import type { Broker, OpenConsumer } from "./broker.ts";
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
  const onLoss = new Set<() => void>();
  onStatus(connection, "disconnect", () => {
    for (const act of onLoss) act();
  });
  return {
    ensureStream: (definition) => ensureStream(manager, definition, replicas),
    streamState: (stream) => streamState(manager, stream),
    storedAt: (stream, sequence) => storedAt(manager, stream, sequence),
    ensureDurable: (durable, startAt) => ensureDurable(manager, durable, startAt),
    durableState: (durable) => durableState(manager, durable),
    deleteDurable: (durable) => deleteDurable(manager, durable),
    publish: async ({ eventId, stream, subject, headers, payload }, timeoutMs) => {
      const ack = await client.publish(subject, payload, {
        msgID: eventId,
        headers: writeHeaders(headers),
        timeout: timeoutMs,
        expect: { streamName: stream },
      });
      if (ack.stream !== stream) {
        throw new JetStreamError(`${subject} went into ${ack.stream}, not into ${stream}`);
      }
      return ack.seq;
    },
    openConsumer: async ({ stream, name }, prefetch) => {
      const consumer = await client.consumers.get(stream, name);
      const messages = await consumer.consume({
        max_messages: prefetch,
        expires: 10_000,
        idle_heartbeat: 2500,
        abort_on_missing_resource: true,
      });
      return deliveriesOf(messages, stream, onLoss);
    },
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

function deliveriesOf(messages: ConsumerMessages, stream: string, onLoss: Set<() => void>): OpenConsumer {
  let receivedBeforeLoss = 0;
  const noteLoss = () => {
    receivedBeforeLoss = messages.getReceived();
  };
  return {
    close: async () => {
      await messages.close();
    },
    async *[Symbol.asyncIterator]() {
      onLoss.add(noteLoss);
      try {
        for await (const message of messages) {
          const index = messages.getProcessed();
          yield toDelivery(message, stream, () => index > receivedBeforeLoss);
        }
      } finally {
        onLoss.delete(noteLoss);
      }
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
