import { inboxPrefixOf } from "@cascade/contracts";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { MessagingError } from "../errors.ts";
import type { Logger } from "../observer.ts";
import { authenticatorOf, type BrokerAccess, tlsOptionsOf } from "./access.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { patiently } from "./patiently.ts";

export interface BrokerOptions extends BrokerAccess {
  /** Names this connection among those of the broker. */
  readonly name: string;
  /** Whose inboxes it uses: the broker lets each user listen to its own alone. The name where it is left out. */
  readonly user?: string;
  /** How long one attempt to connect may take, now and whenever the connection was lost. */
  readonly connectTimeoutMs?: number;
  /** How often the first connection is tried where the broker answers late; afterwards reconnecting never ends. Default 1. */
  readonly attemptsMax?: number;
  readonly log: Logger;
}

const oldestServer = [2, 10, 0] as const;
const safeServer = [2, 14, 6] as const;

/**
 * Connects with the settings that outlast a broker's restart: the client's defaults give up for good after
 * 20 seconds of outage and notice a frozen broker only after minutes.
 */
export async function connectBroker(options: BrokerOptions): Promise<NatsConnection> {
  const authenticator = authenticatorOf(options);
  const tls = options.tls === undefined ? undefined : tlsOptionsOf(options.tls);
  const connectOnce = () =>
    connect({
      servers: [options.servers].flat(),
      name: options.name,
      inboxPrefix: inboxPrefixOf((options.user ?? options.name).replaceAll(/[^A-Za-z0-9_-]/g, "-")),
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      reconnectJitter: 250,
      pingInterval: 5000,
      maxPingOut: 2,
      timeout: options.connectTimeoutMs ?? 10_000,
      ignoreClusterUpdates: false,
      // Two errors with a stack would be made ready for every request, in case it fails.
      noAsyncTraces: true,
      ...(authenticator === undefined ? {} : { authenticator }),
      ...(tls === undefined ? {} : { tls }),
    });
  const connection = await patiently(options.attemptsMax ?? 1, connectOnce).catch((error: unknown) => {
    throw explainRefusal(error, options);
  });
  const version = connection.info?.version ?? "0.0.0";
  if (isOlder(version, oldestServer)) {
    await connection.close();
    throw new MessagingError(
      "BROKER_TOO_OLD",
      `The NATS server is version ${version}; Cascade needs 2.10 or newer. Upgrade nats-server.`,
    );
  }
  if (isOlder(version, safeServer)) {
    options.log.warn(
      { version, recommended: safeServer.join(".") },
      "the NATS server has known vulnerabilities; upgrade it",
    );
  }
  return connection;
}

function isOlder(version: string, than: readonly [number, number, number]): boolean {
  const parts = version.split(/[.-]/).map(Number);
  for (const [index, limit] of than.entries()) {
    const part = parts[index] ?? 0;
    if (part !== limit) return part < limit;
  }
  return false;
}
