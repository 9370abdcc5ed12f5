import { setTimeout as delay } from "node:timers/promises";
import { ReplicaFailedV1, ReplicaReadyV1 } from "@cascade/contracts";
import { describeError, type Logger, type Publisher } from "@cascade/messaging";
import type { Assignment } from "../endpoint/assignment.ts";
import type { Outcome } from "../endpoint/endpoint.ts";

export interface Announcer {
  announce(pipeline: string, assignment: Assignment, outcome: Outcome): void;
  close(): Promise<void>;
}

const retryMs = 500;

/**
 * Publishes how an assignment ended, and goes on trying until the broker has it or there is newer to say.
 * A crash loses nothing: the assignment is read again at the next start, and its outcome is published again.
 */
export function createAnnouncer(
  replica: string,
  publisher: Publisher,
  log: Logger,
  newId: () => string,
): Announcer {
  const process = newId();
  const pending = new Map<string, () => Promise<unknown>>();
  const publishing = new Map<string, Promise<void>>();
  const closing = new AbortController();

  async function publishPending(pipeline: string): Promise<void> {
    for (let publish = pending.get(pipeline); publish !== undefined; publish = pending.get(pipeline)) {
      try {
        await publish();
        if (pending.get(pipeline) === publish) pending.delete(pipeline);
      } catch (error) {
        log.warn({ pipeline, error: describeError(error) }, "the outcome of an assignment was not published");
        if (closing.signal.aborted) break;
        await delay(retryMs, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
    publishing.delete(pipeline);
  }

  return {
    announce: (pipeline, { traffic, cause }, outcome) => {
      const { revision, versions } = traffic;
      const event =
        outcome.kind === "ready"
          ? ReplicaReadyV1.create(pipeline, {
              replica,
              revision,
              versions: versions.map(({ version }) => version),
            })
          : ReplicaFailedV1.create(pipeline, {
              replica,
              revision,
              version: outcome.version,
              problem: outcome.problem,
            });
      // The same outcome of the same assignment, told again after a reconnect, is the same event; a process that
      // has started anew speaks for itself.
      const told = outcome.kind === "ready" ? "ready" : `failed-${outcome.version}-${outcome.problem.code}`;
      const id = `${process}/${cause.eventId}/${told}`;
      pending.set(pipeline, () => publisher.publish(event, cause, id));
      if (!publishing.has(pipeline)) publishing.set(pipeline, publishPending(pipeline));
    },
    close: async () => {
      closing.abort();
      await Promise.all(publishing.values());
    },
  };
}
