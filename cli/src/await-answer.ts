import type { AnyEventDefinition } from "@cascade/contracts";
import { noLog, readEvents, type StoredEvent } from "@cascade/messaging";
import type { NatsConnection } from "@nats-io/transport-node";
import { CliError, exitCodes } from "./errors.ts";

export interface AwaitOptions {
  readonly connection: NatsConnection;
  readonly answers: readonly AnyEventDefinition[];
  readonly timeoutMs: number;
  /** Said when no answer comes. */
  readonly hint: string | ((answers: readonly StoredEvent[]) => string);
  /** Whether these are all the answers that are waited for; the first one is enough where it is left out. */
  isComplete?(answers: readonly StoredEvent[]): boolean;
  /** Whether an event answers the question: where it is left out, those of the question's cascade do. */
  isAnswer?(event: StoredEvent, correlationId: string): boolean;
  /** Publishes the question and returns the id of its cascade. */
  ask(): Promise<string>;
}

/** Publishes an event and waits for the events of its cascade that answer it. */
export async function askAndAwait(
  options: AwaitOptions,
): Promise<{ correlationId: string; answer: StoredEvent; answers: readonly StoredEvent[] }> {
  const types = new Set(options.answers.map(({ type }) => type));
  const isComplete = options.isComplete ?? (() => true);
  const isAnswer =
    options.isAnswer ?? (({ envelope }: StoredEvent, cascade: string) => envelope.correlationid === cascade);
  const early: StoredEvent[] = [];
  const answers: StoredEvent[] = [];
  let correlationId: string | undefined;
  let complete: () => void = () => {};
  const answered = new Promise<void>((resolve) => {
    complete = resolve;
  });
  const arrived = (event: StoredEvent) => {
    answers.push(event);
    if (isComplete(answers)) complete();
  };
  const startedAt = new Date(Date.now() - 1000);
  const tail = readEvents({
    connection: options.connection,
    log: noLog,
    since: startedAt,
    onEvent: (event) => {
      if (!types.has(event.envelope.type)) return;
      if (correlationId === undefined) early.push(event);
      else if (isAnswer(event, correlationId)) arrived(event);
    },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    correlationId = await options.ask();
    for (const event of early) {
      if (isAnswer(event, correlationId)) arrived(event);
    }
    const timedOut = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () =>
          reject(
            new CliError(
              exitCodes.timedOut,
              `No answer within ${options.timeoutMs / 1000} s. ${hintOf(options, answers)}`,
            ),
          ),
        options.timeoutMs,
      );
    });
    await Promise.race([answered, timedOut]);
    const [answer] = answers;
    if (answer === undefined) throw new Error("an answer was counted that never came");
    return { correlationId, answer, answers };
  } finally {
    clearTimeout(timer);
    await tail.stop();
  }
}

function hintOf({ hint }: AwaitOptions, answers: readonly StoredEvent[]): string {
  return typeof hint === "string" ? hint : hint(answers);
}
