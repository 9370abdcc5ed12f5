import type { AnyEventDefinition } from "@cascade/contracts";
import { noLog, readEvents, type StoredEvent } from "@cascade/messaging";
import type { NatsConnection } from "@nats-io/transport-node";
import { CliError, exitCodes } from "./errors.ts";

export interface AwaitOptions {
  readonly connection: NatsConnection;
  readonly answers: readonly AnyEventDefinition[];
  readonly timeoutMs: number;
  /** Said when no answer comes. */
  readonly hint: string;
  /** Publishes the question and returns the id of its cascade. */
  ask(): Promise<string>;
}

/** Publishes an event and waits for the first event of its cascade that answers it. */
export async function askAndAwait(
  options: AwaitOptions,
): Promise<{ correlationId: string; answer: StoredEvent }> {
  const types = new Set(options.answers.map(({ type }) => type));
  const early: StoredEvent[] = [];
  let correlationId: string | undefined;
  let arrived: (event: StoredEvent) => void = () => {};
  const answered = new Promise<StoredEvent>((resolve) => {
    arrived = resolve;
  });
  const startedAt = new Date(Date.now() - 1000);
  const tail = readEvents({
    connection: options.connection,
    log: noLog,
    since: startedAt,
    onEvent: (event) => {
      if (!types.has(event.envelope.type)) return;
      if (correlationId === undefined) early.push(event);
      else if (event.envelope.correlationid === correlationId) arrived(event);
    },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    correlationId = await options.ask();
    const known = early.find((event) => event.envelope.correlationid === correlationId);
    if (known !== undefined) arrived(known);
    const timedOut = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () =>
          reject(
            new CliError(
              exitCodes.timedOut,
              `No answer within ${options.timeoutMs / 1000} s. ${options.hint}`,
            ),
          ),
        options.timeoutMs,
      );
    });
    return { correlationId, answer: await Promise.race([answered, timedOut]) };
  } finally {
    clearTimeout(timer);
    await tail.stop();
  }
}
