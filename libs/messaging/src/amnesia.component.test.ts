import { DatasetRejectedV1, RebuildCompletedV1, RebuildRequestedV1 } from "@cascade/contracts";
import { eventually } from "@cascade/testing";
import { jetstreamManager } from "@nats-io/jetstream";
import { expect, test } from "vitest";
import { durableState } from "./broker/provision.ts";
import { provisionStreams } from "./broker/provision-streams.ts";
import { effectsReaction, ingested, openWorld, type TestWorld } from "./testing/world-for-test.ts";

const stream = "CASCADE_VALIDATION";
const durable = `validation_${effectsReaction.name}`;
// Only a server of our own lets its store be exchanged.
const test_ = process.env.CASCADE_TEST_CONTAINERS === "1" ? test.skip : test;

async function publishedIds(world: TestWorld): Promise<string[]> {
  return (await world.published(DatasetRejectedV1.type)).map(({ envelope }) => envelope.id);
}

async function outboxIds(world: TestWorld): Promise<string[]> {
  const { rows } = await world.database.query<{ event_id: string }>(
    "select event_id from outbox where stream = $1",
    [stream],
  );
  return rows.map((row) => row.event_id);
}

function allPublished(world: TestWorld): Promise<unknown> {
  return eventually(
    async () => {
      const [expected, found] = [await outboxIds(world), await publishedIds(world)];
      return expected.every((id) => found.includes(id));
    },
    { describe: "every event of the outbox to be in its stream", timeoutMs: 30_000 },
  );
}

async function handle(world: TestWorld, count: number, before = 0): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push(await world.send(ingested("flights")));
  await world.awaitEffects(before + count);
  return ids;
}

test_("events that a broker has lost after acknowledging them are published again", async () => {
  await using world = await openWorld();
  await world.start();
  await handle(world, 3);
  await allPublished(world);
  const goBack = await world.nats.copyStore();
  const lost = await handle(world, 5, 3);
  await allPublished(world);
  const before = (await publishedIds(world)).sort();
  await goBack();
  await world.nats.restart();
  await allPublished(world);
  expect((await publishedIds(world)).sort()).toEqual(before);
  // The events of others that were lost are not ours to publish again; their effects stand, and stand once.
  expect(await world.effects()).toHaveLength(8);
  for (const id of lost) expect(await world.effects()).toContain(id);
});

test_("a place in a stream that is given to another event is not taken for handled", async () => {
  await using world = await openWorld();
  const replica = await world.start();
  await handle(world, 2);
  const goBack = await world.nats.copyStore();
  await handle(world, 10, 2);
  // Nobody consumes while the stream grows beyond what the consumer has seen.
  await replica.stop();
  await goBack({ keepConsumers: true });
  await world.nats.restart();
  const ids = await eventually(
    async () => {
      const sent: string[] = [];
      for (let n = 0; n < 20; n++) sent.push(await world.send(ingested("flights")));
      return sent;
    },
    { describe: "the broker to take events again" },
  );
  await world.start();
  const effects = await world.awaitEffects(12 + ids.length);
  for (const id of ids) expect(effects).toContain(id);
  expect(new Set(effects).size).toBe(effects.length);
});

test("a stream that was deleted gets back what was published to it", async () => {
  await using world = await openWorld();
  await world.start();
  await handle(world, 4);
  await allPublished(world);
  const manager = await jetstreamManager(world.connection);
  await manager.streams.delete(stream);
  await allPublished(world);
  expect(await publishedIds(world)).toHaveLength(4);
});

test("so does one that somebody has made again, and to which something new was published", async () => {
  await using world = await openWorld();
  // The first look is at the start; the next one comes after all that happens here.
  await world.start({ settings: { streamCheckIntervalMs: 4000 } });
  await handle(world, 4);
  await allPublished(world);
  await eventually(async () => (await world.database.query("select 1 from stream_checks")).rowCount > 0, {
    describe: "the first look at the stream",
  });
  const manager = await jetstreamManager(world.connection);
  await manager.streams.delete(stream);
  await provisionStreams(world.connection);
  await handle(world, 1, 4);
  await eventually(async () => (await publishedIds(world)).length > 0, { describe: "the new event" });
  await allPublished(world);
  expect(await publishedIds(world)).toHaveLength(5);
});

test("a durable that is made anew leaves out what the inbox may have forgotten", async () => {
  await using world = await openWorld();
  const replica = await world.start({ settings: { inboxRetentionMs: 60_000 } });
  await handle(world, 1);
  await eventually(
    async () => (await world.database.query("select 1 from consumer_positions")).rowCount >= 1,
    {
      describe: "the position to be noted",
    },
  );
  const manager = await jetstreamManager(world.connection);
  await manager.consumers.delete("CASCADE_INGESTION", durable);
  await eventually(
    async () => {
      const { config } = await manager.consumers.info("CASCADE_INGESTION", durable);
      return config.opt_start_time !== undefined;
    },
    { describe: "the durable to be made anew" },
  );
  await handle(world, 1, 1);
  await eventually(async () => (await replica.problems()).length === 0, { describe: "no problems" });
});

test("a consumer whose last place holds another event now begins again, and doubles nothing", async () => {
  await using world = await openWorld();
  const replica = await world.start();
  await handle(world, 3);
  const noted = () => world.database.query("select 1 from consumer_positions where sequence = 3");
  await eventually(async () => (await noted()).rowCount === 1, { describe: "the position to be noted" });
  await replica.stop();
  const manager = await jetstreamManager(world.connection);
  const { created } = await manager.consumers.info("CASCADE_INGESTION", durable);
  await world.database.query("update consumer_positions set stored_at = stored_at - interval '1 hour'");
  await world.start();
  await eventually(
    async () => {
      const state = await durableState(manager, { stream: "CASCADE_INGESTION", name: durable });
      return state !== undefined && state.created !== created;
    },
    { describe: "the durable to be made anew" },
  );
  await handle(world, 1, 3);
  expect(await world.effects()).toHaveLength(4);
});

test("a rebuild asked for by a person publishes again what is lost, and says what it did", async () => {
  await using world = await openWorld();
  // The watch of its own accord comes too late for this test.
  await world.start({ settings: { streamCheckIntervalMs: 600_000 } });
  await handle(world, 4);
  await allPublished(world);
  const manager = await jetstreamManager(world.connection);
  await manager.streams.delete(stream);
  await world.send(RebuildRequestedV1.create("all", { by: "ada", reason: "the disk was exchanged" }), {
    source: "urn:cascade:test",
  });
  const [completed] = await eventually(
    async () => {
      const events = await world.published(RebuildCompletedV1.type);
      return events.length > 0 ? events : undefined;
    },
    { describe: "the rebuild to be completed" },
  );
  expect(completed?.data).toEqual({
    service: "validation",
    streams: [{ stream, verified: 4, lost: 4 }],
    consumers: expect.arrayContaining([durable]),
  });
  await allPublished(world);
  await handle(world, 1, 4);
  expect(await world.effects()).toHaveLength(5);
});
