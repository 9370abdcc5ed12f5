import type { Broker, OpenConsumer } from "../broker/broker.ts";
import type { DurableDefinition, EnsuredDurable } from "../broker/provision.ts";
import { MessagingError } from "../errors.ts";
import type { Delivery } from "../runtime/delivery.ts";
import type { OutboxRow } from "../store/outbox.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SimProcess } from "./sim-process.ts";
import {
  copyStream,
  newStream,
  type SimDurable,
  type SimMessage,
  type SimStream,
  store,
  takeNext,
} from "./sim-stream.ts";

/** What may go wrong between the broker and a process, asked for each time. */
export interface BrokerFaults {
  ofPublish(): "none" | "not-stored" | "answer-lost";
  ofDelivery(): { readonly duplicated: boolean; readonly delayMs: number };
  losesAck(): boolean;
}

export interface SimBroker {
  connect(process: SimProcess): Broker;
  /** What the stream holds, first to last. */
  messagesOf(stream: string): readonly SimMessage[];
  /** Deliveries of a stream that are unanswered, or have not begun. */
  waiting(stream: string): number;
  /** Stores an event of an outsider, without an answer that could get lost. */
  put(event: OutboxRow): void;
  failFor(durationMs: number): void;
  /** What it would start with again, had it been killed now. */
  copy(): ReadonlyMap<string, SimStream>;
  /**
   * Is killed and starts with an older copy of its store: acknowledged events are gone. `messages`: the durables stand
   * where they stood, ahead of their streams.
   */
  restoreAfter(copy: ReadonlyMap<string, SimStream>, durationMs: number, extent: "whole" | "messages"): void;
  deleteStream(stream: string): void;
  deleteDurable(stream: string, name: string): void;
}

interface Open {
  readonly process: SimProcess;
  readonly prefetch: number;
  readonly ackWaitMs: number;
  /** Sent and not yet read. */
  underway: number;
  isClosed: boolean;
  push(delivery: Delivery): void;
  end(error?: Error): void;
}

const timeoutMs = 5000;
// An outsider's client needs a moment to find its way back. Ours has compared its durables with their streams by then:
// what is stored before that in the places of lost events would pass by a durable that is ahead of its stream.
const outsiderReconnectMs = 500;

/** A broker in memory: streams, durables shared by replicas, redelivery, and a connection that fails and comes back. */
export function createBroker(scheduler: Scheduler, epochMs: number, faults: BrokerFaults): SimBroker {
  let streams = new Map<string, SimStream>();
  const open = new Map<string, Open[]>();
  const reconnected = new Set<() => void>();
  const onLoss = new Set<() => void>();
  // What is asked while the broker is away is asked when it is back.
  let held: (() => void)[] = [];
  let downUntil = Number.NEGATIVE_INFINITY;
  let createdCount = 0;
  let connections = 0;
  const isDown = () => scheduler.now() < downUntil;
  const keyOf = (stream: string, durable: string) => `${stream} ${durable}`;
  const durableOf = (stream: string, name: string) => streams.get(stream)?.durables.get(name);

  /** Delivers all that is due, to whoever has room for it. */
  const pump = (stream: string, name: string): void => {
    const held = streams.get(stream);
    const durable = held?.durables.get(name);
    if (held === undefined || durable === undefined || isDown()) return;
    for (;;) {
      const free = (open.get(keyOf(stream, name)) ?? []).filter(
        ({ process, isClosed, underway, prefetch }) => process.isAlive() && !isClosed && underway < prefetch,
      );
      // The one with most room: replicas share a durable.
      const reader = free.sort((a, b) => a.underway - b.underway)[0];
      if (reader === undefined) return;
      const next = takeNext(held, durable, scheduler.now());
      if (next === undefined) return;
      scheduler.after(durable.ackWaitMs + 1, () => pump(stream, name));
      const { duplicated, delayMs } = faults.ofDelivery();
      for (let copies = duplicated ? 2 : 1; copies > 0; copies--) {
        send(reader, delivery(reader.process, stream, name, next), delayMs);
      }
    }
  };
  const pumpAll = () => {
    for (const [name, stream] of streams) for (const durable of stream.durables.keys()) pump(name, durable);
  };

  const send = (reader: Open, delivered: Delivery, delayMs: number): void => {
    const connectedAs = connections;
    reader.underway += 1;
    scheduler.after(delayMs, () => {
      reader.process.receive(() => {
        if (connections === connectedAs) reader.push(delivered);
      });
    });
  };

  const delivery = (
    process: SimProcess,
    stream: string,
    name: string,
    { message, count }: { message: SimMessage; count: number },
  ): Delivery => {
    // What is answered is a place in a stream, so it is said on the connection that brought it, or not at all.
    const connectedAs = connections;
    const answer = (act: (durable: SimDurable) => void) =>
      process.tell(() => {
        const durable = durableOf(stream, name);
        if (durable === undefined || isDown() || connections !== connectedAs) return;
        act(durable);
        pump(stream, name);
      });
    const dueIn = (delayMs: number) => (durable: SimDurable) => {
      const pending = durable.pending.get(message.sequence);
      if (pending === undefined) return;
      durable.pending.set(message.sequence, { ...pending, dueAt: scheduler.now() + delayMs });
      scheduler.after(delayMs + 1, () => pump(stream, name));
    };
    return {
      stream,
      subject: message.subject,
      headers: message.headers,
      payload: message.payload,
      position: { sequence: message.sequence, storedAt: new Date(message.storedAt) },
      deliveryCount: count,
      ack: () => {
        if (!faults.losesAck()) answer((durable) => durable.pending.delete(message.sequence));
      },
      retryIn: (delayMs) => answer(dueIn(delayMs)),
      working: () => answer((durable) => dueIn(durable.ackWaitMs)(durable)),
    };
  };

  const put = (event: OutboxRow): number => {
    const stream = streams.get(event.stream) ?? newStream(event.stream, `${++createdCount}`);
    streams.set(event.stream, stream);
    for (const durable of stream.durables.values()) setBackUnseen(stream, durable);
    const sequence = store(stream, {
      messageId: event.eventId,
      subject: event.subject,
      headers: event.headers,
      payload: event.payload,
      storedAt: epochMs + Math.floor(scheduler.now()),
    });
    for (const name of stream.durables.keys()) pump(event.stream, name);
    return sequence;
  };

  const putFromOutside = (event: OutboxRow): void => {
    const waitMs = downUntil + outsiderReconnectMs - scheduler.now();
    if (waitMs > 0) scheduler.after(waitMs, () => putFromOutside(event));
    else put(event);
  };

  /** Readers of what is not there any more come to an end. */
  const endOrphans = () => {
    for (const [key, readers] of open) {
      const [stream, name] = key.split(" ") as [string, string];
      if (durableOf(stream, name) !== undefined) continue;
      open.delete(key);
      for (const reader of readers) reader.process.receive(() => reader.end(new Error("consumer not found")));
    }
  };

  const comeBackIn = (durationMs: number): void => {
    downUntil = scheduler.now() + durationMs;
    connections += 1;
    for (const act of onLoss) act();
    onLoss.clear();
    for (const reader of [...open.values()].flat()) {
      reader.isClosed = true;
      reader.process.receive(() => reader.end());
    }
    open.clear();
    scheduler.after(durationMs, () => {
      if (isDown()) return;
      const askedMeanwhile = held;
      held = [];
      for (const act of askedMeanwhile) act();
      for (const act of reconnected) act();
      pumpAll();
    });
  };

  /** Rejects after a time, and where the connection breaks before there is an answer. */
  const answered = <T>(process: SimProcess, limitMs: number, perform: () => T | Promise<T>): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const lose = () => reject(new MessagingError("CONNECTION_LOST", "connection lost"));
    let isWaiting = true;
    const cancel = scheduler.after(limitMs, () => reject(new Error("timeout")));
    const act = () => {
      onLoss.add(lose);
      (async () => perform())().then(resolve, reject);
    };
    if (!isDown()) act();
    else held.push(() => isWaiting && process.isAlive() && act());
    return promise.finally(() => {
      isWaiting = false;
      cancel();
      onLoss.delete(lose);
    });
  };

  const connect = (process: SimProcess): Broker => {
    const ask = <T>(perform: () => T): Promise<T> =>
      process.call(() => answered(process, timeoutMs, perform));
    return {
      ensureStream: ({ name }) =>
        ask(() => {
          const stream = streams.get(name) ?? newStream(name, `${++createdCount}`);
          streams.set(name, stream);
          return stream.created;
        }),
      streamState: (name) =>
        ask(() => {
          const stream = streams.get(name);
          return stream && { firstSequence: 1, lastSequence: stream.messages.length };
        }),
      storedAt: (name, sequence) =>
        ask(() => {
          const message = streams.get(name)?.messages[sequence - 1];
          return message && { messageId: message.messageId, storedAt: new Date(message.storedAt) };
        }),
      ensureDurable: (definition, startAt) => ask(() => ensureDurable(definition, startAt)),
      durableState: ({ stream, name }) =>
        ask(() => {
          const durable = durableOf(stream, name);
          durable?.seenBy.add(process);
          return durable && { created: durable.created, deliveredSequence: durable.next - 1 };
        }),
      deleteDurable: ({ stream, name }) =>
        ask(() => {
          streams.get(stream)?.durables.delete(name);
          endOrphans();
        }),
      publish: (event, publishTimeoutMs) =>
        process.call(() =>
          answered(process, publishTimeoutMs, () => {
            const fault = faults.ofPublish();
            if (!streams.has(event.stream)) throw new Error("no responders");
            const sequence = fault === "not-stored" ? undefined : put(event);
            return sequence !== undefined && fault === "none" ? sequence : new Promise<never>(() => {});
          }),
        ),
      openConsumer: ({ stream, name }, prefetch) =>
        ask(() => {
          const durable = durableOf(stream, name);
          if (durable === undefined) throw new Error("consumer not found");
          const reader = openReader(process, prefetch, durable.ackWaitMs, () => pump(stream, name));
          const readers = open.get(keyOf(stream, name)) ?? [];
          open.set(keyOf(stream, name), [...readers.filter((one) => one.process.isAlive()), reader.open]);
          pump(stream, name);
          return reader.consumer;
        }),
      onReconnect: (act) => {
        const react = () => process.receive(act);
        reconnected.add(react);
        process.onDeath(() => reconnected.delete(react));
      },
      isClosed: () => false,
      check: () => ask(() => {}),
      tell: () => {},
    };
  };

  const ensureDurable = (definition: DurableDefinition, startAt: Date | undefined): EnsuredDurable => {
    const stream = streams.get(definition.stream);
    if (stream === undefined) throw new Error("stream not found");
    const present = stream.durables.get(definition.name);
    if (present !== undefined) return { created: present.created, isNew: false };
    const first = stream.messages.findIndex(
      ({ storedAt }) => startAt === undefined || storedAt >= startAt.getTime(),
    );
    const durable: SimDurable = {
      name: definition.name,
      filterSubject: definition.filterSubject,
      ackWaitMs: definition.ackWaitMs,
      created: `${++createdCount}`,
      next: first < 0 ? stream.messages.length + 1 : first + 1,
      pending: new Map(),
      seenBy: new Set(),
    };
    stream.durables.set(definition.name, durable);
    return { created: durable.created, isNew: true };
  };

  return {
    connect,
    messagesOf: (stream) => streams.get(stream)?.messages ?? [],
    waiting: (name) => {
      const stream = streams.get(name);
      if (stream === undefined) return 0;
      return [...stream.durables.values()].reduce(
        (sum, durable) => sum + durable.pending.size + (stream.messages.length + 1 - durable.next),
        0,
      );
    },
    put: putFromOutside,
    failFor: comeBackIn,
    copy: () => new Map([...streams].map(([name, stream]) => [name, copyStream(stream)])),
    restoreAfter: (copy, durationMs, extent) => {
      const now = streams;
      streams = new Map([...copy].map(([name, stream]) => [name, copyStream(stream)]));
      if (extent === "messages") {
        for (const [name, { durables }] of now) {
          for (const durable of durables.values()) {
            durable.seenBy.clear();
            streams.get(name)?.durables.set(durable.name, durable);
          }
        }
      }
      comeBackIn(durationMs);
    },
    deleteStream: (stream) => {
      streams.delete(stream);
      endOrphans();
    },
    deleteDurable: (stream, name) => {
      streams.get(stream)?.durables.delete(name);
      endOrphans();
    },
  };
}

/**
 * Newer servers set a durable that stands beyond the end of its stream back themselves. Older ones have it pass over what
 * takes the places of lost events. Here it is done for those only that nobody who could act has looked at.
 */
function setBackUnseen({ messages }: SimStream, durable: SimDurable): void {
  if ([...durable.seenBy].some((process) => process.isAlive() && !process.isFrozen())) return;
  durable.next = Math.min(durable.next, messages.length + 1);
}

/** The reading end of a durable in one process: what was sent waits here until it is read. */
function openReader(
  process: SimProcess,
  prefetch: number,
  ackWaitMs: number,
  onRoom: () => void,
): { readonly open: Open; readonly consumer: OpenConsumer } {
  const buffered: Delivery[] = [];
  let wake: () => void = () => {};
  let failure: Error | undefined;
  const open: Open = {
    process,
    prefetch,
    ackWaitMs,
    underway: 0,
    isClosed: false,
    push: (delivered) => {
      buffered.push(delivered);
      wake();
    },
    end: (error) => {
      open.isClosed = true;
      failure ??= error;
      wake();
    },
  };
  return {
    open,
    consumer: {
      close: async () => open.end(),
      async *[Symbol.asyncIterator]() {
        for (;;) {
          const delivered = buffered.shift();
          if (delivered !== undefined) {
            open.underway -= 1;
            process.tell(onRoom);
            yield delivered;
          } else if (open.isClosed) {
            if (failure !== undefined) throw failure;
            return;
          } else {
            await new Promise<void>((resolve) => (wake = resolve));
          }
        }
      },
    },
  };
}
