import type { NewEvent } from "@cascade/contracts";
import {
  type BrokerAccess,
  connectBroker,
  createPublisher,
  describeError,
  MessagingError,
  MessagingSettings,
  noLog,
  type PublishedCause,
  shownServers,
} from "@cascade/messaging";
import type { NatsConnection } from "@nats-io/transport-node";
import { v7 as uuidv7 } from "uuid";
import { CliError, exitCodes } from "./errors.ts";

export interface Session extends AsyncDisposable {
  readonly connection: NatsConnection;
  /**
   * Publishes as a person or an outside system; returns the id of the event, which is that of a new cascade unless
   * there is a cause. An id of one's own makes saying the same thing again the same event.
   */
  publish(event: NewEvent, cause?: PublishedCause, id?: string): Promise<string>;
}

/** Connects to the system, with an error a person can act on where it is not there. */
export async function openSession(access: BrokerAccess): Promise<Session> {
  let connection: NatsConnection;
  try {
    connection = await connectBroker({
      ...access,
      name: "cli",
      user: "operator",
      connectTimeoutMs: 5000,
      log: noLog,
    });
  } catch (error) {
    // These say themselves what to do.
    if (error instanceof MessagingError) {
      throw new CliError(exitCodes.unreachable, error.message, { cause: error });
    }
    throw new CliError(
      exitCodes.unreachable,
      `NATS does not answer at ${shownServers(access.servers)}: ${describeError(error).message}. Is the system running? (npm start)`,
      { cause: error },
    );
  }
  const publisher = createPublisher({
    connection,
    source: "urn:cascade:cli",
    settings: MessagingSettings.parse({}),
    now: () => new Date(),
    newId: uuidv7,
  });
  return {
    connection,
    publish: async (event, cause, id) => (await publisher.publish(event, cause, id)).id,
    [Symbol.asyncDispose]: () => connection.close(),
  };
}
