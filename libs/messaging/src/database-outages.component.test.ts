import { DatasetIngestedV1, DatasetRejectedV1 } from "@cascade/contracts";
import { openDatabase } from "@cascade/postgres";
import { eventually } from "@cascade/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { job } from "./job.ts";
import { reaction } from "./reaction.ts";
import { ingested, insertEffect, openWorld, rejected, type TestWorld } from "./testing/world-for-test.ts";

/** How many sessions of the database wait for a lock. */
async function waiting({ database }: TestWorld): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `select count(*)::int as count from pg_locks join pg_database on oid = database
     where not granted and datname = current_database()`,
  );
  return rows[0]?.count ?? 0;
}

async function attemptsCounted({ database }: TestWorld): Promise<number> {
  return (await database.query("select 1 from inbox_attempts")).rowCount;
}

test("events that come while another session has locked the inbox wait for it, and have their effect once", async () => {
  await using world = await openWorld();
  await world.start();
  const locked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const holder = world.database.transaction(async (tx) => {
    await tx.query("lock table inbox in access exclusive mode");
    locked.resolve();
    await release.promise;
  });
  await locked.promise;
  const id = await world.send(ingested("flights"));
  await eventually(() => waiting(world), { describe: "the event to wait for the lock" });
  expect(await world.effects()).toEqual([]);
  release.resolve();
  await holder;
  expect(await world.awaitEffects(1)).toEqual([id]);
  expect(await attemptsCounted(world)).toBe(0);
});

test("events that come while no connection is free cost no attempt, and are handled when one is", async () => {
  await using world = await openWorld();
  await using own = databaseOf(world);
  const replica = await world.start({ database: own });
  await eventually(async () => (await replica.problems()).length === 0, {
    describe: "the replica to consume",
  });
  const release = Promise.withResolvers<void>();
  let taken = 0;
  const holders = [1, 2].map(() =>
    own.transaction(async (tx) => {
      await tx.query("select 1");
      taken += 1;
      await release.promise;
    }),
  );
  await eventually(() => taken === 2, { describe: "both connections to be taken" });
  const ids = [await world.send(ingested("flights")), await world.send(ingested("trains"))];
  const before = await deliveries(world);
  await eventually(async () => (await deliveries(world)) > before, {
    describe: "the events to be delivered again",
  });
  release.resolve();
  await Promise.all(holders);
  expect(await world.awaitEffects(2)).toEqual(ids.toSorted());
  expect(await attemptsCounted(world)).toBe(0);
});

/** Two connections, and little patience where none is free. */
function databaseOf(world: TestWorld) {
  const database = openDatabase({
    url: world.databaseUrl,
    schema: "validation",
    applicationName: "small",
    poolSize: 2,
    connectTimeoutMs: 100,
    onError: () => {},
  });
  return Object.assign(database, { [Symbol.asyncDispose]: () => database.close() });
}

/** What the broker has delivered to the consumer so far, redeliveries included. */
async function deliveries({ connection }: TestWorld): Promise<number> {
  const name = "validation_record-effect-on-dataset-ingested";
  const answer = await connection.request(`$JS.API.CONSUMER.INFO.CASCADE_INGESTION.${name}`);
  const info = z.object({ delivered: z.object({ consumer_seq: z.int() }) }).parse(answer.json());
  return info.delivered.consumer_seq;
}

test("a transaction whose session an administrator ends leaves nothing, and its event is handled again", async () => {
  await using world = await openWorld();
  const inside = Promise.withResolvers<number>();
  const ended = Promise.withResolvers<void>();
  let tries = 0;
  const holding = reaction({
    name: "record-effect-on-dataset-ingested",
    on: DatasetIngestedV1,
    emits: [DatasetRejectedV1],
    load: async ({ id }, tx) => {
      await insertEffect(tx, id);
      tries += 1;
      if (tries > 1) return {};
      // The pipeline's advisory lock is held here.
      const { rows } = await tx.query<{ pid: number }>("select pg_backend_pid() as pid");
      inside.resolve(rows[0]?.pid ?? 0);
      await ended.promise;
      return {};
    },
    decide: ({ pipeline }) => ({ events: [rejected(pipeline, "handled")] }),
  });
  await world.start({ reactions: [holding] });
  const id = await world.send(ingested("flights"));
  await world.database.query("select pg_terminate_backend($1)", [await inside.promise]);
  ended.resolve();
  expect(await world.awaitEffects(1)).toEqual([id]);
  await eventually(async () => (await world.published(DatasetRejectedV1.type)).length === 1, {
    describe: "what follows to be published",
  });
  expect(await world.effects()).toEqual([id]);
  const locks = await world.database.query(
    `select 1 from pg_locks join pg_database on oid = database
     where locktype = 'advisory' and datname = current_database()`,
  );
  expect(locks.rowCount).toBe(0);
});

test("a worker whose clock is an hour ahead does not take a job from one whose clock is behind", async () => {
  await using world = await openWorld();
  const hour = 3_600_000;
  const release = Promise.withResolvers<void>();
  const runs: string[] = [];
  const workerAt = (offsetMs: number, name: string) => {
    const work = job({
      name: "work",
      payload: z.object({}),
      emits: [DatasetRejectedV1],
      settings: { timeoutMs: 10_000, attempts: 3 },
      run: async () => {
        runs.push(name);
        await release.promise;
        return {};
      },
      finish: ({ pipeline }) => ({ events: [rejected(pipeline, name)] }),
      fail: ({ pipeline }) => ({ events: [rejected(pipeline, "failed")] }),
    });
    const plan = reaction({
      name: "plan-work-on-dataset-ingested",
      on: DatasetIngestedV1,
      emits: [],
      decide: ({ id }) => ({ jobs: [work.plan({}, { key: id })] }),
    });
    return world.start({
      reactions: [plan],
      jobs: [work],
      now: () => new Date(Date.now() + offsetMs),
    });
  };
  await workerAt(-hour, "behind");
  await world.send(ingested("flights"));
  await eventually(() => runs.length === 1, { describe: "the job to run" });
  const { rows } = await world.database.query<{ lease: Date }>("select lease_until as lease from jobs");
  await workerAt(hour, "ahead");
  // Each heartbeat of the lease is the database's own time: after three of them nobody may have taken it.
  const firstLease = rows[0]?.lease ?? new Date(0);
  await eventually(
    async () => {
      const { rows: now } = await world.database.query<{ longer: boolean }>(
        "select lease_until > $1::timestamptz + interval '600 ms' as longer from jobs",
        [firstLease],
      );
      return now[0]?.longer === true;
    },
    { describe: "the lease to be prolonged" },
  );
  release.resolve();
  await eventually(async () => (await world.published(DatasetRejectedV1.type)).length === 1, {
    describe: "the end of the job",
  });
  expect(runs).toEqual(["behind"]);
});
