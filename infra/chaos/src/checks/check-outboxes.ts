import { Buffer } from "node:buffer";
import type { StreamedMessage } from "../evidence/evidence.ts";
import { text } from "../evidence/evidence.ts";
import { emittedIn } from "./emitted.ts";
import { type Check, findingsOf } from "./verdict.ts";

const invariant = "I2";

/** Serving keeps no rows: what it says of itself goes out without an outbox, and is said again where it must be. */
const withoutOutbox = "/services/serving";

/** What services recorded is in the streams byte for byte, and what is in the streams they have recorded. */
export const checkOutboxes: Check = (evidence) => {
  const { find, violations } = findingsOf(invariant);
  const emitted = emittedIn(evidence);
  const recorded = new Set(emitted.map(({ eventId }) => eventId));
  const stored = Map.groupBy(evidence.messages, ({ id }) => id);
  for (const event of emitted) {
    const { eventId, type, service, row } = event;
    const label = `${type} ${eventId} of ${service}`;
    if (row.published_at === null) find("OUTBOX_UNPUBLISHED", `${label} was never published`, row);
    const copies = stored.get(eventId) ?? [];
    if (copies.length === 0) {
      find("EVENT_LOST", `${label} is in the outbox and in no stream`, identity(event));
      continue;
    }
    for (const copy of copies) {
      if (!isSame(copy, row)) find("EVENT_ALTERED", `${label} has other bytes in the stream`, place(copy));
    }
  }
  const ours = evidence.messages.filter(({ source }) => source.startsWith("/services/"));
  for (const message of ours) {
    if (message.source === withoutOutbox || recorded.has(message.id)) continue;
    const label = `${message.type} ${message.id} of ${message.source}`;
    find("EVENT_GHOST", `${label} is in a stream and in no outbox`, place(message));
  }
  const repeated = [...stored.values()].reduce((sum, copies) => sum + copies.length - 1, 0);
  const counted = { recorded: emitted.length, stored: evidence.messages.length, storedTwice: repeated };
  return { invariant, title: "outboxes and streams agree", counted, violations };
};

function isSame(message: StreamedMessage, row: Readonly<Record<string, unknown>>): boolean {
  return (
    message.subject === text(row, "subject") &&
    message.stream === text(row, "stream") &&
    Buffer.compare(message.payload, row.payload as Uint8Array) === 0
  );
}

function identity({ eventId, type, pipeline, row }: ReturnType<typeof emittedIn>[number]) {
  const { stream, published_at, published_sequence, attempts } = row;
  return { eventId, type, pipeline, stream, published_at, published_sequence, attempts };
}

function place({ stream, sequence, subject, id }: StreamedMessage) {
  return { stream, sequence, subject, id };
}
