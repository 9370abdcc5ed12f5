import type { NatsConnection } from "@nats-io/transport-node";

/** Acts whenever the connection is back after a loss, until it is closed: the broker may have come back with less. */
export function onReconnect(connection: NatsConnection, act: () => void): void {
  void (async () => {
    for await (const { type } of connection.status()) {
      if (type === "reconnect") act();
    }
  })();
}
