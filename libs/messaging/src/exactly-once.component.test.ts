import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { DatasetRejectedV1 } from "@cascade/contracts";
import { eventually } from "@cascade/testing";
import { expect, test } from "vitest";
import { effectJob, jobReactions } from "./testing/effect-job.ts";
import { ingested, openWorld, type TestWorld } from "./testing/world-for-test.ts";

const replica = fileURLToPath(new URL("./testing/replica.ts", import.meta.url));

/** Runs a replica that dies at a crash point, and waits until it has. */
async function runUntilCrash(
  world: TestWorld,
  crash: string,
  withJob: boolean,
): Promise<NodeJS.Signals | null> {
  const child = fork(replica, {
    env: {
      PATH: process.env.PATH,
      NATS_URL: world.nats.url,
      DATABASE_URL: world.databaseUrl,
      CASCADE_CRASH: crash,
      WITH_JOB: String(withJob),
    },
    stdio: "inherit",
  });
  const [, signal] = await once(child, "exit");
  return signal;
}

test("an event has its effect once, and what follows names its cause and its cascade", async () => {
  await using world = await openWorld();
  await world.start();
  const id = await world.send(ingested("flights"));
  expect(await world.awaitEffects(1)).toEqual([id]);
  const [event] = await eventually(
    async () => {
      const events = await world.published(DatasetRejectedV1.type);
      return events.length > 0 && events;
    },
    { describe: "the event that follows" },
  );
  expect(event?.envelope).toMatchObject({
    source: "/services/validation",
    subject: "flights",
    causationid: id,
    correlationid: id,
  });
});

test("the same event delivered ten times has one effect", async () => {
  await using world = await openWorld();
  await world.start();
  const event = ingested("flights");
  const id = await world.send(event);
  for (let again = 0; again < 9; again++) await world.send(event, { id });
  // An event that comes later proves that the ten were taken.
  const last = await world.send(ingested("flights"));
  await eventually(async () => (await world.effects()).includes(last), { describe: "the last event" });
  expect(await world.effects()).toEqual([id, last].sort());
});

test("two replicas share the events between them without doubling any", async () => {
  await using world = await openWorld();
  const ids: string[] = [];
  for (let n = 0; n < 200; n++) ids.push(await world.send(ingested(`flights-${n % 7}`)));
  await Promise.all([
    world.start({ settings: { batchSizeMax: 5 } }),
    world.start({ settings: { batchSizeMax: 5 } }),
  ]);
  for (let n = 0; n < 200; n++) ids.push(await world.send(ingested(`flights-${n % 7}`)));
  expect(await world.awaitEffects(400)).toEqual(ids.sort());
  await eventually(async () => (await world.published(DatasetRejectedV1.type)).length === 400, {
    describe: "400 published events",
  });
});

test.each(["inbox.in_tx", "inbox.after_commit", "relay.before_publish", "relay.after_puback"] as const)(
  "a process that dies at %s loses nothing and doubles nothing",
  async (point) => {
    await using world = await openWorld();
    const id = await world.send(ingested("flights"));
    expect(await runUntilCrash(world, point, false)).toBe("SIGKILL");
    await world.start();
    const after = await world.send(ingested("flights"));
    expect(await world.awaitEffects(2)).toEqual([id, after].sort());
    await eventually(async () => (await world.published(DatasetRejectedV1.type)).length >= 2, {
      describe: "both events published",
    });
    await expectEmptyOutbox(world);
    const causes = (await world.published(DatasetRejectedV1.type)).map(
      ({ envelope }) => envelope.causationid,
    );
    expect(causes.sort()).toEqual([id, after].sort());
  },
);

test.each(["job.claimed", "job.before_finish", "job.after_commit"] as const)(
  "a worker that dies at %s leaves a job that is finished once",
  async (point) => {
    await using world = await openWorld();
    const id = await world.send(ingested("flights"));
    expect(await runUntilCrash(world, point, true)).toBe("SIGKILL");
    await world.start({ reactions: jobReactions, jobs: [effectJob] });
    const after = await world.send(ingested("flights"));
    expect(await world.awaitEffects(2)).toEqual([id, after].sort());
    await expectEmptyOutbox(world);
    expect(await world.published(DatasetRejectedV1.type)).toHaveLength(2);
  },
);

test("rows that were committed in another order than numbered are all published", async () => {
  await using world = await openWorld();
  await world.start();
  // The first transaction takes its number first and commits last.
  const held = Promise.withResolvers<void>();
  const inserted = Promise.withResolvers<void>();
  const insert =
    "insert into outbox (event_id, event_type, pipeline, stream, subject, headers, payload, correlation_id, claimed_until) " +
    "values ($1, 't', 'flights', 'CASCADE_VALIDATION', $2, '[]', '{}', 'c', now())";
  const subject = `${DatasetRejectedV1.type}.flights`;
  const first = world.database.transaction(async (tx) => {
    await tx.query(insert, ["first", subject]);
    inserted.resolve();
    await held.promise;
  });
  await inserted.promise;
  await world.database.query(insert, ["second", subject]);
  await eventually(async () => (await publishedIds(world)).includes("second"), {
    describe: "the second row",
  });
  held.resolve();
  await first;
  await eventually(async () => (await publishedIds(world)).includes("first"), { describe: "the first row" });
});

async function publishedIds(world: TestWorld): Promise<string[]> {
  const { rows } = await world.database.query<{ event_id: string }>(
    "select event_id from outbox where published_at is not null",
  );
  return rows.map((row) => row.event_id);
}

async function expectEmptyOutbox(world: TestWorld): Promise<void> {
  await eventually(
    async () =>
      (await world.database.query("select 1 from outbox where published_at is null")).rowCount === 0,
    { describe: "an outbox with nothing left to publish" },
  );
}
