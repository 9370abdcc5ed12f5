import type { NatsConnection } from "@nats-io/transport-node";

/** Acts whenever the connection is lost (`disconnect`) or back after a loss (`reconnect`), until it is closed. */
export function onStatus(
  connection: NatsConnection,
  status: "disconnect" | "reconnect",
  act: () => void,
): void {
  void (async () => {
    for await (const { type } of connection.status()) {
      if (type === status) act();
    }
  })();
}
