import type { NewEvent } from "@cascade/contracts";
import type { JetStreamClient } from "@nats-io/jetstream";
import { headers as createHeaders } from "@nats-io/transport-node";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import { describeError, MessagingError } from "../errors.ts";
import { prepareEvent } from "../runtime/outgoing.ts";
import type { MessagingSettings } from "../settings.ts";

export interface PublisherOptions {
  readonly jetstream: JetStreamClient;
  /** The CloudEvents source: `/services/<service>` for ours, the sender's own URI for others. */
  readonly source: string;
  readonly settings: Pick<MessagingSettings, "publishTimeoutMs">;
  now(): Date;
  newId(): string;
}

export interface Publisher {
  /** Publishes the root of a cascade and returns its id once the broker has stored it. */
  publish(event: NewEvent): Promise<{ readonly id: string }>;
}

/**
 * Publishes without an outbox: for outside senders and operators, who hear at once whether it worked, and for
 * prediction logs. Every event is the root of a cascade. Throws PUBLISH_FAILED; the outcome is then unknown,
 * so that publishing again may be needed and is safe only where the effect is idempotent.
 */
export function createPublisher({ jetstream, source, settings, now, newId }: PublisherOptions): Publisher {
  return {
    publish: async (event) => {
      const row = prepareEvent(event, { source, at: ROOT_CONTEXT, now: now(), newId });
      const headers = createHeaders();
      for (const [name, value] of row.headers) headers.set(name, value);
      try {
        // The same message id makes the retries of an unanswered publish one event.
        await jetstream.publish(row.subject, row.payload, {
          msgID: row.eventId,
          headers,
          timeout: settings.publishTimeoutMs,
          retries: 3,
          expect: { streamName: row.stream },
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
