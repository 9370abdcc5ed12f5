import type { NatsConnection } from "@nats-io/transport-node";
import { MessagingError } from "../errors.ts";
import { onStatus } from "./on-status.ts";

/** What is known of a connection: the client drops in silence what it is told while there is none. */
export interface Line {
  /**
   * Asks once there is a connection. Rejects with CONNECTION_LOST where there is none for so long, and as soon as the
   * connection breaks over which it was asked: there will be no answer, and waiting would hold up who asks again.
   */
  ask<T>(waitMs: number, question: () => Promise<T>): Promise<T>;
  /** Acts when the connection breaks that there is now. Returns what ends that. */
  onLoss(act: () => void): () => void;
}

export function watchLine(connection: NatsConnection): Line {
  const losers = new Set<() => void>();
  const waiters = new Set<() => void>();
  let isUp = true;
  onStatus(connection, "disconnect", () => {
    isUp = false;
    for (const lose of losers) lose();
  });
  onStatus(connection, "reconnect", () => {
    isUp = true;
    for (const wake of waiters) wake();
  });

  const onLoss = (act: () => void) => {
    losers.add(act);
    return () => losers.delete(act);
  };

  async function untilUp(waitMs: number): Promise<void> {
    if (isUp) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(lost(`has been away for ${waitMs} ms`)), waitMs);
    waiters.add(resolve);
    await promise.finally(() => {
      clearTimeout(timer);
      waiters.delete(resolve);
    });
  }

  return {
    onLoss,
    ask: async <T>(waitMs: number, question: () => Promise<T>) => {
      await untilUp(waitMs);
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const forget = onLoss(() => reject(lost("broke before the server answered")));
      question().then(resolve, reject);
      return promise.finally(forget);
    },
  };
}

function lost(how: string): MessagingError {
  return new MessagingError(
    "CONNECTION_LOST",
    `The connection to the NATS server ${how}. It comes back by itself.`,
  );
}

/** Whether the connection broke before there was an answer: what was asked may have been done, or not. */
export function isLost(error: unknown): boolean {
  return error instanceof MessagingError && error.code === "CONNECTION_LOST";
}
