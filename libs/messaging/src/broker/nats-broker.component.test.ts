import { eventually } from "@cascade/testing";
import { jetstreamManager } from "@nats-io/jetstream";
import { expect, test } from "vitest";
import type { Delivery } from "../runtime/delivery.ts";
import { ingested, openWorld } from "../testing/world-for-test.ts";
import type { OpenConsumer } from "./broker.ts";
import { natsBroker } from "./nats-broker.ts";

const durable = {
  stream: "CASCADE_INGESTION",
  name: "reader",
  filterSubject: "cascade.dataset.ingested.v1.*",
  ackWaitMs: 2000,
};

async function next(consumer: AsyncIterator<Delivery>): Promise<Delivery> {
  const { value, done } = await consumer.next();
  if (done === true) throw new Error("the consumer has ended");
  return value;
}

function reading(consumer: OpenConsumer): AsyncIterator<Delivery> {
  return consumer[Symbol.asyncIterator]();
}

test("what arrived before the connection was lost is not answered after it, and is delivered again", async () => {
  await using world = await openWorld();
  const broker = await natsBroker(world.connection, { replicas: 1, timeoutMs: 5000 });
  const manager = await jetstreamManager(world.connection);
  await broker.ensureDurable(durable, undefined);
  for (let n = 0; n < 2; n++) await world.send(ingested("flights"));
  const consumer = await broker.openConsumer(durable, 10);
  const deliveries = reading(consumer);
  const read = await next(deliveries);
  const back = Promise.withResolvers<void>();
  broker.onReconnect(() => back.resolve());
  await world.nats.stop();
  await world.nats.restart();
  await back.promise;
  // The second one has arrived with the first, and waited to be read.
  const waiting = await next(deliveries);
  expect(waiting).toMatchObject({ position: { sequence: 2 }, deliveryCount: 1 });
  read.ack();
  waiting.retryIn(60_000);
  const again = [await next(deliveries), await next(deliveries)];
  expect(again.map(({ position, deliveryCount }) => [position.sequence, deliveryCount])).toEqual([
    [1, 2],
    [2, 2],
  ]);
  for (const delivery of again) delivery.ack();
  await eventually(
    async () => (await manager.consumers.info(durable.stream, durable.name)).num_ack_pending === 0,
    {
      describe: "both to be answered",
    },
  );
  // It closes by being read to its end.
  await Promise.all([consumer.close(), deliveries.next()]);
});
