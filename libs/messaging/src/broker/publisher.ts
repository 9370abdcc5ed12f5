import type { NewEvent } from "@cascade/contracts";
import { jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { describeError, MessagingError } from "../errors.ts";
import { prepareEvent } from "../runtime/outgoing.ts";
import { contextOf } from "../runtime/tracing.ts";
import type { MessagingSettings } from "../settings.ts";
import type { OutboxRow } from "../store/outbox.ts";
import { isLost, watchLine } from "./line.ts";
import { writeHeaders } from "./message-headers.ts";

export interface PublisherOptions {
  readonly connection: NatsConnection;
  /** The CloudEvents source: `/services/<service>` for ours, the sender's own URI for others. */
  readonly source: string;
  readonly settings: Pick<MessagingSettings, "publishTimeoutMs">;
  now(): Date;
  newId(): string;
}

/** The event that led to another one, as far as whoever read it knows. */
export interface PublishedCause {
  readonly eventId: string;
  readonly correlationId: string;
  readonly traceparent?: string;
}

export interface Publisher {
  /**
   * Publishes an event and returns its id once the broker has stored it. It is the root of a cascade, or
   * continues that of its cause where there is one. An id of the caller's own makes saying the same thing
   * again the same event.
   */
  publish(event: NewEvent, cause?: PublishedCause, id?: string): Promise<{ readonly id: string }>;
}

/**
 * Publishes without an outbox: for outside senders and operators, who hear at once whether it worked, for
 * prediction logs, and for a replica's answers to a desired state. Throws PUBLISH_FAILED; the outcome is then
 * unknown, so that publishing again may be needed and is safe only where the effect is idempotent.
 */
export function createPublisher({ connection, source, settings, now, newId }: PublisherOptions): Publisher {
  const client = jetstream(connection);
  const line = watchLine(connection);

  const store = (row: OutboxRow) =>
    line.ask(settings.publishTimeoutMs, () =>
      client.publish(row.subject, row.payload, {
        msgID: row.eventId,
        headers: writeHeaders(row.headers),
        timeout: settings.publishTimeoutMs,
        retries: 3,
        expect: { streamName: row.stream },
      }),
    );

  return {
    publish: async (event, cause, id) => {
      const row = prepareEvent(event, {
        source,
        at: contextOf(cause?.traceparent),
        now: now(),
        newId: id === undefined ? newId : () => id,
        ...(cause === undefined ? {} : { cause }),
      });
      try {
        // The same message id makes the retries of an unanswered publish one event.
        await store(row).catch((error: unknown) => {
          if (!isLost(error)) throw error;
          return store(row);
        });
      } catch (error) {
        throw new MessagingError(
          "PUBLISH_FAILED",
          `${event.type} could not be published: ${describeError(error).message}. Is the NATS server running, and has the owning service been started once?`,
          { cause: error },
        );
      }
      return { id: row.eventId };
    },
  };
}
