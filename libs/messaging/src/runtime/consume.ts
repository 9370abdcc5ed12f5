import type { StreamDefinition } from "@cascade/contracts";
import { isConnectionError } from "@cascade/postgres";
import type { OpenConsumer } from "../broker/broker.ts";
import type { DurableDefinition } from "../broker/provision.ts";
import { describeError } from "../errors.ts";
import type { Position } from "../store/positions.ts";
import { checkConsumer, isAhead } from "./check-consumer.ts";
import type { Delivery } from "./delivery.ts";
import type { World } from "./world.ts";

export interface ConsumeOptions {
  /** Its name in the inbox. */
  readonly consumer: string;
  readonly durable: DurableDefinition;
  readonly stream: StreamDefinition;
  readonly prefetch: number;
  /** Handles what is waiting, in one go. Never throws: a failed event is settled inside. */
  handle(deliveries: readonly Delivery[]): Promise<void>;
}

export interface Consumption {
  /** Why nothing is being consumed at the moment; undefined while all is well. */
  problem(): string | undefined;
  /** Stops asking for events and finishes those at hand. */
  stop(): Promise<void>;
}

const restartDelayMs = 250;
// A margin for clocks that differ, and for the time between handling an event and forgetting it.
const rememberedShare = 0.9;

/**
 * Consumes a durable for as long as the service runs: creates what is missing, starts again when the broker
 * has lost the consumer or the stream, keeps what is at hand alive, and hands over all that waits at once.
 */
export function consume(world: World, options: ConsumeOptions): Consumption {
  const { durable } = options;
  const queue: Delivery[] = [];
  const held = new Set<Delivery>();
  let messages: OpenConsumer | undefined;
  let opened = "";
  let handled: Position | undefined;
  let noted: Position | undefined;
  // Undefined where the stream may have changed under the position, such as while the broker was away.
  let checked: Position | undefined;
  // Whether the place is to be forgotten before the durable is opened again, and whether the durable was condemned.
  let begun: "again" | "condemned" | undefined;
  let reconnects = 0;
  let problem: string | undefined = "not started yet";
  let stopped = false;
  let wakeWorker: () => void = () => {};
  let wakeReader: () => void = () => {};
  let endPause: () => void = () => {};

  const endHeartbeat = world.clock.every(durable.ackWaitMs / 3, () => {
    for (const delivery of held) delivery.working();
  });

  // Spread out: all consumers of a process asking at once would hold up the events between them.
  const spread = 0.75 + world.clock.random() / 2;
  const endChecks = world.clock.every(world.settings.consumerCheckIntervalMs * spread, () => {
    void verify();
  });

  world.broker.onReconnect(() => {
    reconnects += 1;
    wakeReader();
  });

  // Missing heartbeats do not tell a quiet broker from a lost consumer, so it is asked for outright.
  async function verify(): Promise<void> {
    const current = messages;
    if (current === undefined || stopped) return;
    try {
      const position = handled;
      const isUnchanged = position !== undefined && position === checked;
      const condition = await checkConsumer(world, durable, opened, isUnchanged ? "unchanged" : position);
      if (current !== messages || stopped) return;
      if (condition === "whole") {
        checked = position;
        await note(position);
        return;
      }
      problem = `consumer ${durable.name} is ${condition}`;
      world.log.warn(
        { durable: durable.name, condition, position },
        "a consumer does not fit its stream; it begins again, and what was handled before is known",
      );
      if (condition === "behind") await condemn();
      else begun = "again";
      await current.close();
    } catch (error) {
      if (world.broker.isClosed() || current !== messages) return;
      // The position is noted another time; that the database is away says nothing of the consumer.
      if (isConnectionError(error)) return;
      problem = `consumer ${durable.name} cannot be seen: ${describeError(error).message}`;
      world.log.warn(
        { durable: durable.name, error: describeError(error) },
        "a consumer could not be checked",
      );
      await current.close();
    }
  }

  async function note(position: Position | undefined): Promise<void> {
    if (position === undefined || position === noted) return;
    await world.store.savePosition(world.database, durable.name, durable.stream, position);
    noted = position;
  }

  async function condemn(): Promise<void> {
    await world.broker.deleteDurable(durable);
    begun = "condemned";
  }

  async function open(): Promise<void> {
    await world.broker.ensureStream(options.stream);
    // First of all, and also while the database is away: the next event that is stored might be passed over.
    if (await isAhead(world, durable)) await condemn();
    if (begun !== undefined) {
      handled = { sequence: 0, storedAt: world.now() };
      noted = handled;
      await world.store.forgetPosition(world.database, durable.name, durable.stream, begun === "condemned");
      begun = undefined;
    }
    const before = await world.store.findProgress(world.database, {
      durable: durable.name,
      consumer: options.consumer,
    });
    handled ??= before?.position;
    noted ??= before?.position;
    // One that is made anew delivers again what the inbox still knows, and never what it may have forgotten.
    const rememberedMs = world.settings.inboxRetentionMs * rememberedShare;
    const startAt = before?.hasHandled ? new Date(world.now().getTime() - rememberedMs) : undefined;
    checked = undefined;
    let ensured = await world.broker.ensureDurable(durable, startAt);
    const expected = before?.durableCreated;
    // A broker that comes back with less may have forgotten that this one was deleted.
    if (!ensured.isNew && expected !== undefined && ensured.created !== expected) {
      await world.broker.deleteDurable(durable);
      ensured = await world.broker.ensureDurable(durable, startAt);
    }
    opened = ensured.created;
    if (opened !== expected) {
      await world.store.saveDurable(world.database, durable.name, durable.stream, opened);
    }
  }

  async function read(): Promise<void> {
    while (!stopped) {
      try {
        await open();
        if (stopped) return;
        messages = await world.broker.openConsumer(durable, options.prefetch);
        // Who stopped while it opened has found nothing to close. Not waited for: it closes by being read to its end.
        if (stopped) void messages.close();
        problem = undefined;
        const connectedAs = reconnects;
        // At once, and not only after the interval: the broker may have come back with less than it had.
        void verify();
        for await (const delivered of messages) {
          const delivery = whileHeld(delivered, () => held.delete(delivery));
          held.add(delivery);
          queue.push(delivery);
          wakeWorker();
          if (queue.length < options.prefetch) continue;
          await new Promise<void>((resolve) => (wakeReader = resolve));
          // The durable is looked at without waiting for what is at hand: its handling may wait for the database.
          if (reconnects !== connectedAs) break;
        }
      } catch (error) {
        if (stopped) return;
        problem = describeError(error).message;
        world.log.warn(
          { durable: durable.name, error: describeError(error) },
          "consuming was interrupted; it starts again",
        );
      }
      messages = undefined;
      if (stopped) return;
      problem ??= "consuming was interrupted";
      await pause(restartDelayMs);
    }
  }

  async function work(): Promise<void> {
    while (!stopped || queue.length > 0) {
      if (queue.length === 0) {
        await new Promise<void>((resolve) => (wakeWorker = resolve));
        continue;
      }
      const batch = queue.splice(0, world.settings.batchSizeMax);
      wakeReader();
      try {
        await options.handle(batch);
      } catch (error) {
        world.log.error(
          { durable: durable.name, error: describeError(error) },
          "events could not be settled",
        );
        for (const delivery of batch) delivery.retryIn(world.settings.retryBaseMs * 5);
      }
      // The furthest one: what is delivered again lies behind it.
      for (const { position } of batch) {
        if (handled === undefined || position.sequence > handled.sequence) handled = position;
      }
    }
  }

  function pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = world.clock.after(delayMs, resolve);
      endPause = () => {
        cancel();
        resolve();
      };
    });
  }

  const reading = read();
  const working = work();

  return {
    problem: () => problem,
    stop: async () => {
      stopped = true;
      endChecks();
      endPause();
      await messages?.close();
      wakeReader();
      wakeWorker();
      await reading;
      wakeWorker();
      await working;
      endHeartbeat();
      // With the last one noted, a stream that is set back before the next start is noticed then.
      await note(handled).catch((error: unknown) =>
        world.log.warn(
          { durable: durable.name, error: describeError(error) },
          "the place of a consumer in its stream could not be noted",
        ),
      );
    },
  };
}

/** Tells when a delivery has been answered: from then on there is nothing to keep alive. */
function whileHeld(delivery: Delivery, settled: () => void): Delivery {
  return {
    ...delivery,
    ack: () => {
      settled();
      delivery.ack();
    },
    retryIn: (delayMs) => {
      settled();
      delivery.retryIn(delayMs);
    },
  };
}
