import { eventDefinitions, streamsFor } from "@cascade/contracts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { ensureStream } from "./provision.ts";

/** Creates or updates every stream of the contracts, so that publishers need not wait for the owning service. */
export async function provisionStreams(connection: NatsConnection, replicas = 1): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  for (const stream of streamsFor(eventDefinitions)) await ensureStream(manager, stream, replicas);
}
