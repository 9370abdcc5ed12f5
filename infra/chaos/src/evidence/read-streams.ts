import { eventDefinitions, streamsFor } from "@cascade/contracts";
import { decode, MalformedEventError } from "@cascade/messaging";
import { DeliverPolicy, type JsMsg, jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { Durable, StreamedMessage } from "./evidence.ts";

const limits = { payloadBytesMax: 1024 * 1024, depthMax: 64, headerBytesMax: 64 * 1024 };

const streamNames = streamsFor(eventDefinitions).map(({ name }) => name);

/** Every message of every stream, in order, also those that are no events. */
export async function readStreams(connection: NatsConnection): Promise<StreamedMessage[]> {
  const messages: StreamedMessage[] = [];
  for (const stream of streamNames) messages.push(...(await readStream(connection, stream)));
  return messages;
}

async function readStream(connection: NatsConnection, stream: string): Promise<StreamedMessage[]> {
  // With a filter, as the rights of whoever only reads demand; streams take nothing else than this anyway.
  const filter = { filter_subjects: "cascade.>", deliver_policy: DeliverPolicy.All };
  const consumer = await jetstream(connection).consumers.get(stream, filter);
  const messages: StreamedMessage[] = [];
  const { num_pending: stored } = await consumer.info();
  if (stored === 0) return messages;
  for await (const message of await consumer.consume({ expires: 10_000, idle_heartbeat: 2500 })) {
    messages.push(streamed(stream, message));
    if (message.info.pending === 0) break;
  }
  return messages;
}

function streamed(stream: string, message: JsMsg): StreamedMessage {
  const common = { stream, sequence: message.seq, subject: message.subject, payload: message.data };
  const headers: [string, string][] = [];
  for (const [name, values] of message.headers ?? []) for (const value of values) headers.push([name, value]);
  try {
    const { envelope, data } = decode({ subject: message.subject, headers, payload: message.data }, limits);
    const { id, type, source, subject: pipeline, causationid: causationId } = envelope;
    return { ...common, id, type, source, pipeline, causationId, data: data as Record<string, unknown> };
  } catch (error) {
    if (!(error instanceof MalformedEventError)) throw error;
    const none = { id: "", type: "", source: "", pipeline: "", causationId: undefined, data: {} };
    return { ...common, ...none };
  }
}

/** What each durable has still to do. */
export async function readDurables(connection: NatsConnection): Promise<Durable[]> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const durables: Durable[] = [];
  for (const stream of streamNames) {
    for await (const { config, num_pending, num_ack_pending } of manager.consumers.list(stream)) {
      if (config.durable_name === undefined) continue;
      durables.push({
        stream,
        name: config.durable_name,
        filterSubject: config.filter_subject ?? "",
        pending: num_pending,
        unacknowledged: num_ack_pending,
      });
    }
  }
  return durables;
}
