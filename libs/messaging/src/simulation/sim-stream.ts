import type { OutboxRow } from "../store/outbox.ts";
import type { SimProcess } from "./sim-process.ts";

export interface SimMessage {
  readonly sequence: number;
  readonly messageId: string | undefined;
  readonly subject: string;
  readonly headers: OutboxRow["headers"];
  readonly payload: Uint8Array;
  readonly storedAt: number;
}

/** How far the delivery of one message has come. */
interface PendingDelivery {
  readonly count: number;
  /** When the message is delivered again, unless it is answered before. */
  readonly dueAt: number;
}

export interface SimDurable {
  readonly name: string;
  readonly filterSubject: string;
  readonly ackWaitMs: number;
  readonly created: string;
  /** The next place that has never been delivered. */
  next: number;
  readonly pending: Map<number, PendingDelivery>;
  /** Who has asked how far it is, since the broker was last set back. */
  readonly seenBy: Set<SimProcess>;
}

export interface SimStream {
  readonly name: string;
  readonly created: string;
  readonly messages: SimMessage[];
  readonly byMessageId: Map<string, number>;
  readonly durables: Map<string, SimDurable>;
}

export function newStream(name: string, created: string): SimStream {
  return { name, created, messages: [], byMessageId: new Map(), durables: new Map() };
}

/** Stores a message, once for each message id. Returns its place; places begin with 1. */
export function store(stream: SimStream, message: Omit<SimMessage, "sequence">): number {
  const { messageId } = message;
  const known = messageId === undefined ? undefined : stream.byMessageId.get(messageId);
  if (known !== undefined) return known;
  const sequence = stream.messages.length + 1;
  stream.messages.push({ ...message, sequence });
  if (messageId !== undefined) stream.byMessageId.set(messageId, sequence);
  return sequence;
}

/** The next message that is due for a durable, as it is then delivered. */
export function takeNext(
  stream: SimStream,
  durable: SimDurable,
  now: number,
): { readonly message: SimMessage; readonly count: number } | undefined {
  for (const [sequence, { count, dueAt }] of durable.pending) {
    if (dueAt > now) continue;
    const message = stream.messages[sequence - 1];
    if (message === undefined) {
      durable.pending.delete(sequence);
      continue;
    }
    return deliver(durable, message, count + 1, now);
  }
  while (durable.next <= stream.messages.length) {
    const message = stream.messages[durable.next - 1] as SimMessage;
    durable.next += 1;
    if (isMatch(message.subject, durable.filterSubject)) return deliver(durable, message, 1, now);
  }
  return undefined;
}

function deliver(durable: SimDurable, message: SimMessage, count: number, now: number) {
  durable.pending.delete(message.sequence);
  durable.pending.set(message.sequence, { count, dueAt: now + durable.ackWaitMs });
  return { message, count };
}

/** A copy that shares nothing that changes: what a backup of the broker's store holds. */
export function copyStream(stream: SimStream): SimStream {
  return {
    name: stream.name,
    created: stream.created,
    messages: [...stream.messages],
    byMessageId: new Map(stream.byMessageId),
    durables: new Map(
      [...stream.durables].map(([name, durable]) => [
        name,
        { ...durable, pending: new Map(durable.pending), seenBy: new Set<SimProcess>() },
      ]),
    ),
  };
}

function isMatch(subject: string, filter: string): boolean {
  const tokens = subject.split(".");
  const wanted = filter.split(".");
  return tokens.length === wanted.length && wanted.every((token, n) => token === "*" || token === tokens[n]);
}
