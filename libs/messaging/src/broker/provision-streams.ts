import {
  eventDefinitions,
  type OutsideParty,
  onlineRowsStream,
  outgoingDurableOf,
  outgoingStream,
  streamsFor,
} from "@cascade/contracts";
import { AckPolicy, DeliverPolicy, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { ensureStream } from "./provision.ts";

/** Creates or updates every stream of the contracts, so that publishers need not wait for the owning service. */
export async function provisionStreams(connection: NatsConnection, replicas = 1): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  for (const stream of [...streamsFor(eventDefinitions), onlineRowsStream]) {
    await ensureStream(manager, stream, replicas);
  }
}

const outsideAckWaitMs = 30_000;

/** Creates or updates the stream for outsiders, and a durable for each party, which starts with what is kept. */
export async function provisionOutgoing(
  connection: NatsConnection,
  parties: readonly OutsideParty[],
  replicas = 1,
): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  await ensureStream(manager, outgoingStream, replicas);
  for (const party of parties) {
    const { name, stream, filterSubjects } = outgoingDurableOf(party);
    await manager.consumers.add(stream, {
      durable_name: name,
      filter_subjects: filterSubjects,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: outsideAckWaitMs * 1_000_000,
      max_deliver: -1,
      max_ack_pending: 1000,
    });
  }
}
