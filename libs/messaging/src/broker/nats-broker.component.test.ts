import { eventually, testProxy } from "@cascade/testing";
import { jetstreamManager } from "@nats-io/jetstream";
import { v7 as uuidv7 } from "uuid";
import { expect, test } from "vitest";
import { noLog } from "../observer.ts";
import type { Delivery } from "../runtime/delivery.ts";
import { ingested, openWorld } from "../testing/world-for-test.ts";
import type { OpenConsumer } from "./broker.ts";
import { connectBroker } from "./connect.ts";
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
  const before = reading(await broker.openConsumer(durable, 10));
  const read = await next(before);
  const back = Promise.withResolvers<void>();
  broker.onReconnect(() => back.resolve());
  await world.nats.stop();
  await world.nats.restart();
  await back.promise;
  // The second one has arrived with the first, and waited to be read.
  const waiting = await next(before);
  expect(waiting).toMatchObject({ position: { sequence: 2 }, deliveryCount: 1 });
  expect(await before.next(), "the consumer after what had arrived").toMatchObject({ done: true });
  read.ack();
  waiting.retryIn(60_000);
  const reopened = await broker.openConsumer(durable, 10);
  const after = reading(reopened);
  const again = [await next(after), await next(after)];
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
  await Promise.all([reopened.close(), after.next()]);
});

test("what was asked over a connection that breaks is not waited for", async () => {
  await using world = await openWorld();
  await using proxy = await testProxy(world.nats.url);
  const connection = await connectBroker({ name: "behind-a-proxy", servers: proxy.url, log: noLog });
  // Longer than the test may take.
  const broker = await natsBroker(connection, { replicas: 1, timeoutMs: 600_000 });
  const eventId = uuidv7();
  const event = {
    eventId,
    eventType: "cascade.dataset.ingested.v1",
    pipeline: "flights",
    stream: durable.stream,
    subject: "cascade.dataset.ingested.v1.flights",
    headers: [],
    payload: Buffer.from("{}"),
    correlationId: eventId,
  };
  await broker.ensureDurable(durable, undefined);
  proxy.silence();
  const asked = [
    broker.streamState(durable.stream),
    broker.durableState(durable),
    broker.openConsumer(durable, 1),
    broker.publish(event, 600_000),
  ];
  const answers = Promise.allSettled(asked);
  proxy.cut();
  proxy.restore();
  for (const answer of await answers) {
    expect(answer).toMatchObject({ status: "rejected", reason: { code: "CONNECTION_LOST" } });
  }
  expect(await broker.publish(event, 600_000), "the same event once more").toBe(1);
  await connection.close();
});
