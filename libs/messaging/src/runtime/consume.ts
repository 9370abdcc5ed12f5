import type { StreamDefinition } from "@cascade/contracts";
import type { ConsumerMessages, JsMsg } from "@nats-io/jetstream";
import { readHeaders } from "../broker/message-headers.ts";
import { type DurableDefinition, ensureDurable, ensureStream } from "../broker/provision.ts";
import { describeError } from "../errors.ts";
import type { Delivery } from "./delivery.ts";
import type { World } from "./world.ts";

export interface ConsumeOptions {
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

/**
 * Consumes a durable for as long as the service runs: creates what is missing, starts again when the broker
 * has lost the consumer or the stream, keeps what is at hand alive, and hands over all that waits at once.
 */
export function consume(world: World, options: ConsumeOptions): Consumption {
  const { durable } = options;
  const queue: Delivery[] = [];
  const held = new Set<Delivery>();
  let messages: ConsumerMessages | undefined;
  let problem: string | undefined = "not started yet";
  let stopped = false;
  let wakeWorker: () => void = () => {};
  let wakeReader: () => void = () => {};
  let endPause: () => void = () => {};

  const heartbeat = setInterval(() => {
    for (const delivery of held) delivery.working();
  }, durable.ackWaitMs / 3);

  const check = setInterval(() => {
    void verify();
  }, world.settings.consumerCheckIntervalMs);

  // Missing heartbeats do not tell a quiet broker from a lost consumer, so it is asked for outright.
  async function verify(): Promise<void> {
    const current = messages;
    if (current === undefined || stopped) return;
    try {
      await world.manager.consumers.info(durable.stream, durable.name);
    } catch (error) {
      if (world.connection.isClosed() || current !== messages) return;
      problem = `consumer ${durable.name} cannot be seen: ${describeError(error).message}`;
      world.log.warn(
        { durable: durable.name, error: describeError(error) },
        "a consumer is missing; it is created again",
      );
      await current.close();
    }
  }

  async function read(): Promise<void> {
    while (!stopped) {
      try {
        await ensureStream(world.manager, options.stream, world.settings.replicas);
        await ensureDurable(world.manager, durable);
        const consumer = await world.jetstream.consumers.get(durable.stream, durable.name);
        if (stopped) return;
        messages = await consumer.consume({
          max_messages: options.prefetch,
          expires: 10_000,
          idle_heartbeat: 2500,
          abort_on_missing_resource: true,
        });
        problem = undefined;
        for await (const message of messages) {
          const delivery = toDelivery(message, durable.stream, () => held.delete(delivery));
          held.add(delivery);
          queue.push(delivery);
          wakeWorker();
          if (queue.length >= options.prefetch) await new Promise<void>((resolve) => (wakeReader = resolve));
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
    }
  }

  function pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      endPause = () => {
        clearTimeout(timer);
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
      clearInterval(check);
      endPause();
      await messages?.close();
      wakeReader();
      wakeWorker();
      await reading;
      wakeWorker();
      await working;
      clearInterval(heartbeat);
    },
  };
}

function toDelivery(message: JsMsg, stream: string, settled: () => void): Delivery {
  return {
    stream,
    subject: message.subject,
    headers: readHeaders(message.headers),
    payload: message.data,
    deliveryCount: message.info.deliveryCount,
    ack: () => {
      settled();
      message.ack();
    },
    retryIn: (delayMs) => {
      settled();
      message.nak(delayMs);
    },
    working: () => message.working(),
  };
}
