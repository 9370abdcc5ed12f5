import { DatasetIngestedV1, DatasetRejectedV1 } from "@cascade/contracts";
import { eventually } from "@cascade/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { Reject } from "./errors.ts";
import { type JobContext, job } from "./job.ts";
import { reaction } from "./reaction.ts";
import { ingested, openWorld, rejected, type TestWorld } from "./testing/world-for-test.ts";

const Payload = z.object({ datasetVersion: z.string() });

function jobThat(
  run: (context: JobContext) => Promise<string>,
  settings = { timeoutMs: 10_000, attempts: 3 },
) {
  const work = job({
    name: "work",
    payload: Payload,
    emits: [DatasetRejectedV1],
    settings,
    run: async (_, __, context) => run(context),
    finish: ({ pipeline, result }) => ({ events: [rejected(pipeline, result)] }),
    fail: ({ pipeline, error, attempt }) => ({
      events: [rejected(pipeline, `${error instanceof Error ? error.message : error} in attempt ${attempt}`)],
    }),
  });
  const plan = reaction({
    name: "plan-work-on-dataset-ingested",
    on: DatasetIngestedV1,
    emits: [],
    decide: ({ data }) => ({
      jobs: [work.plan({ datasetVersion: data.datasetVersion }, { key: data.datasetVersion })],
    }),
  });
  return { reactions: [plan], jobs: [work] };
}

async function outcomes(world: TestWorld, count: number): Promise<string[]> {
  const events = await eventually(
    async () => {
      const found = await world.published(DatasetRejectedV1.type);
      return found.length >= count && found;
    },
    { describe: `${count} outcome(s)` },
  );
  return events.map(({ data }) => DatasetRejectedV1.schema.parse(data).datasetVersion);
}

test("a job is tried again after a failure, and its end continues the cascade", async () => {
  await using world = await openWorld();
  await world.start(
    jobThat(async ({ attempt }) => {
      if (attempt < 3) throw new Error("not yet");
      return "done";
    }),
  );
  const id = await world.send(ingested("flights"));
  expect(await outcomes(world, 1)).toEqual(["done"]);
  const [event] = await world.published(DatasetRejectedV1.type);
  expect(event?.envelope).toMatchObject({ causationid: id, correlationid: id });
});

test("a job that fails for good ends with an event, after its attempts or at once", async () => {
  await using world = await openWorld();
  let permanent = false;
  await world.start(
    jobThat(async () => {
      throw permanent ? new Reject("NEVER", "never") : new Error("broken");
    }),
  );
  await world.send(ingested("flights"));
  expect(await outcomes(world, 1)).toEqual(["broken in attempt 3"]);
  permanent = true;
  await world.send(ingested("flights"));
  expect(await outcomes(world, 2)).toEqual(["broken in attempt 3", "never in attempt 1"]);
});

test("a job planned twice under one key is done once", async () => {
  await using world = await openWorld();
  let runs = 0;
  await world.start(
    jobThat(async () => {
      runs += 1;
      return `run ${runs}`;
    }),
  );
  await world.send(ingested("flights", "same"));
  await outcomes(world, 1);
  await world.send(ingested("flights", "same"));
  await world.send(ingested("flights", "other"));
  expect(await outcomes(world, 2)).toEqual(["run 1", "run 2"]);
  const open = "select 1 from jobs where status in ('queued', 'running')";
  await eventually(async () => (await world.database.query(open)).rowCount === 0, {
    describe: "no job left to do",
  });
  expect(runs).toBe(2);
});

test("a job that takes too long is aborted", async () => {
  await using world = await openWorld();
  await world.start(jobThat(untilAborted, { timeoutMs: 200, attempts: 1 }));
  await world.send(ingested("flights"));
  expect(await outcomes(world, 1)).toEqual(["the job took longer than 200 ms in attempt 1"]);
});

test("a worker whose lease was taken over cannot finish the job", async () => {
  await using world = await openWorld();
  const taken = Promise.withResolvers<void>();
  const claimed = Promise.withResolvers<void>();
  await world.start(
    jobThat(async ({ attempt }) => {
      if (attempt > 1) return "the second worker";
      claimed.resolve();
      await taken.promise;
      return "the first worker";
    }),
  );
  await world.send(ingested("flights"));
  await claimed.promise;
  // What a long pause of the process would do: the lease has run out and another worker has the job.
  await world.database.query(
    "update jobs set fence = fence + 1, attempts = attempts + 1, lease_until = now()",
  );
  taken.resolve();
  await world.start(jobThat(async () => "the second worker"));
  expect(await outcomes(world, 1)).toEqual(["the second worker"]);
  await eventually(
    async () => (await world.database.query("select 1 from jobs where status = 'succeeded'")).rowCount === 1,
    { describe: "the job to have succeeded" },
  );
  expect(await outcomes(world, 1)).toHaveLength(1);
});

test("a stopping service hands its job back without losing an attempt", async () => {
  await using world = await openWorld();
  const begun = Promise.withResolvers<void>();
  const first = await world.start({
    ...jobThat(
      async (context) => {
        begun.resolve();
        return untilAborted(context);
      },
      { timeoutMs: 10_000, attempts: 1 },
    ),
    settings: { jobStopGraceMs: 50 },
  });
  await world.send(ingested("flights"));
  await begun.promise;
  await first.stop();
  await world.start(jobThat(async ({ attempt }) => `attempt ${attempt}`, { timeoutMs: 10_000, attempts: 1 }));
  expect(await outcomes(world, 1)).toEqual(["attempt 1"]);
});

function untilAborted({ signal }: JobContext): Promise<string> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
