import { type DataOf, DeadLetterRecordedV1, DeadLetterRedrivenV1 } from "@cascade/contracts";
import { collectEvents, type StoredEvent } from "@cascade/messaging";
import type { NatsConnection } from "@nats-io/transport-node";

export interface DeadLetter extends DataOf<typeof DeadLetterRecordedV1> {
  readonly pipeline: string;
  /** When it was set aside; `recordedAt` is the last time that it failed. */
  readonly firstRecordedAt: string;
  readonly recordedAt: string;
  /** The cascade that it stopped. */
  readonly correlationId: string | undefined;
  readonly status: "open" | "redriven";
}

export interface DeadLetterHistory {
  /** In the order in which they were set aside. */
  readonly letters: readonly DeadLetter[];
  /** What was read, so that whoever reads on knows what is new. */
  readonly eventIds: ReadonlySet<string>;
  readonly newestAt: Date | undefined;
}

export async function readDeadLetters(connection: NatsConnection): Promise<DeadLetterHistory> {
  const events = await collectEvents({ connection, which: "all", subject: "cascade.dead-letter.>" });
  return {
    letters: foldDeadLetters(events),
    eventIds: new Set(events.map(({ envelope }) => envelope.id)),
    newestAt: events.at(-1)?.storedAt,
  };
}

/** Dead letters as their events tell it: recorded, perhaps again, and in the end redriven. */
function foldDeadLetters(events: readonly StoredEvent[]): DeadLetter[] {
  const letters = new Map<string, DeadLetter>();
  for (const { envelope, data, storedAt } of events) {
    if (envelope.type === DeadLetterRecordedV1.type) {
      const recorded = DeadLetterRecordedV1.schema.parse(data);
      const before = letters.get(recorded.deadLetterId);
      letters.set(recorded.deadLetterId, {
        ...recorded,
        pipeline: envelope.subject,
        firstRecordedAt: before?.firstRecordedAt ?? storedAt.toISOString(),
        recordedAt: storedAt.toISOString(),
        correlationId: envelope.correlationid,
        status: "open",
      });
    }
    if (envelope.type === DeadLetterRedrivenV1.type) {
      const { deadLetterId } = DeadLetterRedrivenV1.schema.parse(data);
      const letter = letters.get(deadLetterId);
      if (letter !== undefined) letters.set(deadLetterId, { ...letter, status: "redriven" });
    }
  }
  return [...letters.values()];
}
