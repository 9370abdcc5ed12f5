import {
  type NatsConnection,
  PermissionViolationError,
  type QueuedIterator,
  type Status,
} from "@nats-io/transport-node";

/** Publishes to all subjects at once, and says which of them the server refuses. */
export async function refusedToPublish(
  connection: NatsConnection,
  subjects: readonly string[],
): Promise<ReadonlySet<string>> {
  const refused = new Set<string>();
  const status = connection.status() as QueuedIterator<Status>;
  const watching = (async () => {
    for await (const event of status) {
      if (event.type === "error" && event.error instanceof PermissionViolationError) {
        refused.add(event.error.subject);
      }
    }
  })();
  for (const subject of subjects) connection.publish(subject);
  // The server answers in order: once this is back, every refusal before it is too.
  await connection.flush();
  status.stop();
  await watching;
  return refused;
}

/** Subscribes to all subjects at once, and says which of them the server refuses. */
export async function refusedToSubscribe(
  connection: NatsConnection,
  subjects: readonly string[],
): Promise<ReadonlySet<string>> {
  const refused = new Set<string>();
  const subscriptions = subjects.map((subject) =>
    connection.subscribe(subject, {
      callback: (error) => {
        if (error instanceof PermissionViolationError) refused.add(subject);
      },
    }),
  );
  await connection.flush();
  for (const subscription of subscriptions) if (!subscription.isClosed()) subscription.unsubscribe();
  return refused;
}
