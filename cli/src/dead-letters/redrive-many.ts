import { DeadLetterRecordedV1, DeadLetterRedrivenV1, DeadLetterRedriveRequestedV1 } from "@cascade/contracts";
import { noLog, readEvents, type StoredEvent } from "@cascade/messaging";
import type { Session } from "../session.ts";
import type { DeadLetter, DeadLetterHistory } from "./read-dead-letters.ts";

export type Outcome =
  | { readonly status: "redriven" | "redriven-before" | "not-asked" | "unanswered" }
  | { readonly status: "failed"; readonly message: string };

export interface RedriveOptions {
  readonly session: Session;
  readonly history: DeadLetterHistory;
  readonly letters: readonly DeadLetter[];
  readonly by: string;
  /** How long to wait for each. */
  readonly timeoutMs: number;
  onOutcome(letter: DeadLetter, outcome: Outcome): void;
}

/**
 * Asks the services to redrive dead letters, in the order in which they were set aside. A service answers one request
 * after the other, so each is asked when the one before is answered; of a service that does not answer, no more is
 * asked. What counts is what became of the dead letter, whoever has asked for it: two people may ask at once.
 */
export async function redriveMany(options: RedriveOptions): Promise<void> {
  const { session, history, letters, onOutcome } = options;
  const answers = new Map<string, (outcome: Outcome) => void>();
  const known = new Map<string, Outcome>();
  const tail = readEvents({
    connection: session.connection,
    log: noLog,
    // By the broker's clock, and not by that of this machine.
    since: history.newestAt ?? "beginning",
    include: (definition) => definition === DeadLetterRedrivenV1 || definition === DeadLetterRecordedV1,
    onEvent: (event) => {
      const news = history.eventIds.has(event.envelope.id) ? undefined : readOutcome(event);
      if (news === undefined) return;
      const answer = answers.get(news.deadLetterId);
      if (answer !== undefined) answer(news.outcome);
      // A failure that was recorded before anybody asked is no answer.
      else if (news.outcome.status === "redriven")
        known.set(news.deadLetterId, { status: "redriven-before" });
    },
  });
  const redriveOne = async (letter: DeadLetter): Promise<Outcome> => {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    answers.set(letter.deadLetterId, resolve);
    const timer = setTimeout(() => resolve({ status: "unanswered" }), options.timeoutMs);
    try {
      const early = known.get(letter.deadLetterId);
      if (early !== undefined) return early;
      const { deadLetterId, service } = letter;
      await session.publish(
        DeadLetterRedriveRequestedV1.create(letter.pipeline, { deadLetterId, service, by: options.by }),
      );
      return await promise;
    } finally {
      clearTimeout(timer);
      answers.delete(letter.deadLetterId);
    }
  };
  const redriveOf = async (own: readonly DeadLetter[]) => {
    let isSilent = false;
    for (const letter of own) {
      const outcome: Outcome = outcomeBefore(letter, isSilent) ?? (await redriveOne(letter));
      isSilent ||= outcome.status === "unanswered";
      onOutcome(letter, outcome);
    }
  };
  try {
    await Promise.all(
      Map.groupBy(letters, ({ service }) => service)
        .values()
        .map(redriveOf),
    );
  } finally {
    await tail.stop();
  }
}

function outcomeBefore(letter: DeadLetter, isServiceSilent: boolean): Outcome | undefined {
  if (letter.status === "redriven") return { status: "redriven-before" };
  return isServiceSilent ? { status: "not-asked" } : undefined;
}

function readOutcome({
  envelope,
  data,
}: StoredEvent): { readonly deadLetterId: string; readonly outcome: Outcome } | undefined {
  if (envelope.type === DeadLetterRedrivenV1.type) {
    const { deadLetterId } = DeadLetterRedrivenV1.schema.parse(data);
    return { deadLetterId, outcome: { status: "redriven" } };
  }
  if (envelope.type === DeadLetterRecordedV1.type) {
    const { deadLetterId, error } = DeadLetterRecordedV1.schema.parse(data);
    return { deadLetterId, outcome: { status: "failed", message: error.message } };
  }
  return undefined;
}
