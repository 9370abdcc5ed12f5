import { DatasetRejectedV1 } from "@cascade/contracts";
import { eventually } from "@cascade/testing";
import { jetstreamManager } from "@nats-io/jetstream";
import { expect, test } from "vitest";
import { effectsReaction, ingested, openWorld } from "./testing/world-for-test.ts";

const durable = `validation_${effectsReaction.name}`;

test("a broker that is killed and started again is only a delay", async () => {
  await using world = await openWorld();
  await world.start();
  const ids = [await world.send(ingested("flights"))];
  await world.awaitEffects(1);
  await world.nats.kill();
  await world.nats.restart();
  ids.push(
    await eventually(() => world.send(ingested("flights")), {
      describe: "the broker to take an event again",
    }),
  );
  await eventually(async () => (await world.effects()).includes(ids[1] ?? ""), {
    describe: "the second effect",
  });
  await eventually(async () => (await world.published(DatasetRejectedV1.type)).length >= 2, {
    describe: "both events published",
  });
});

test("events that are decided while the broker is away are published when it is back", async () => {
  await using world = await openWorld();
  await world.start({ settings: { publishTimeoutMs: 500 } });
  await world.nats.kill();
  await world.database.query(
    `insert into outbox (event_id, event_type, pipeline, stream, subject, headers, payload, correlation_id, claimed_until)
     values ('waiting', 't', 'flights', 'CASCADE_VALIDATION', $1, '[]', '{}', 'c', now())`,
    [`${DatasetRejectedV1.type}.flights`],
  );
  await eventually(
    async () => (await world.database.query("select 1 from outbox where attempts > 0")).rowCount === 1,
    { describe: "an attempt to publish" },
  );
  await world.nats.restart();
  await eventually(
    async () =>
      (await world.database.query("select 1 from outbox where published_at is not null")).rowCount === 1,
    { describe: "the event to be published" },
  );
});

test("a durable that was deleted is created again, and nothing is doubled", async () => {
  await using world = await openWorld();
  const replica = await world.start();
  const ids = [await world.send(ingested("flights"))];
  await world.awaitEffects(1);
  const manager = await jetstreamManager(world.connection);
  await manager.consumers.delete("CASCADE_INGESTION", durable);
  ids.push(await world.send(ingested("flights")));
  expect(await world.awaitEffects(2)).toEqual(ids.sort());
  await eventually(async () => (await replica.problems()).length === 0, {
    describe: "a replica without problems",
  });
});

test("a stream that was deleted is created again, and new events flow", async () => {
  await using world = await openWorld();
  await world.start();
  await world.send(ingested("flights"));
  await world.awaitEffects(1);
  const manager = await jetstreamManager(world.connection);
  await manager.streams.delete("CASCADE_INGESTION");
  const later = await eventually(() => world.send(ingested("flights")), {
    describe: "the stream to be back",
  });
  await eventually(async () => (await world.effects()).includes(later), { describe: "the event after it" });
});

test("a replica says that it is not ready while the broker is frozen", async () => {
  await using world = await openWorld();
  const replica = await world.start();
  await eventually(async () => (await replica.problems()).length === 0, {
    describe: "a replica without problems",
  });
  await world.nats.pause();
  try {
    await eventually(async () => (await replica.problems()).length > 0, {
      describe: "a replica with problems",
    });
  } finally {
    await world.nats.resume();
  }
  await eventually(async () => (await replica.problems()).length === 0, {
    describe: "a replica without problems",
  });
});
