import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { DatasetIngestedV1, type NewEvent } from "@cascade/contracts";
import { eventually } from "@cascade/testing";
import { expect, test } from "vitest";
import { DatasetIngestedV2 } from "./testing/next-build.ts";
import { ingested, openWorld, type TestWorld } from "./testing/world-for-test.ts";

type Build = "this" | "next";

const replica = fileURLToPath(new URL("./testing/replica.ts", import.meta.url));

async function startReplica(world: TestWorld, build: Build): Promise<ChildProcess> {
  const child = fork(replica, {
    env: {
      PATH: process.env.PATH,
      NATS_URL: world.nats.url,
      DATABASE_URL: world.databaseUrl,
      BUILD: build,
    },
    stdio: "inherit",
  });
  await once(child, "message");
  return child;
}

async function stopReplica(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}

/** What producers publish: that of this build, and that of the next one with a new field and a new version. */
const kinds = {
  known: () => ingested("flights"),
  grown: () => {
    const event = ingested("flights");
    return { ...event, data: { ...(event.data as object), fieldOfTheNextBuild: { nested: true } } };
  },
  newer: () => DatasetIngestedV2.create("flights", { datasets: ["sha256:1", "sha256:2"] }),
} satisfies Record<string, () => NewEvent>;
type Kind = keyof typeof kinds;

async function received(world: TestWorld): Promise<number> {
  const { rows } = await world.database.query<{ count: number }>("select count(*)::int as count from inbox");
  return rows[0]?.count ?? 0;
}

/** Publishes events of all kinds until it is stopped, and tells what it has published. */
function publishAll(world: TestWorld) {
  const sent: { readonly id: string; readonly kind: Kind }[] = [];
  let stopped = false;
  const producer = async (own: readonly Kind[]) => {
    while (!stopped) {
      for (const kind of own) sent.push({ id: await world.send(kinds[kind]()), kind });
      // At the pace at which they are received, so that replicas are replaced in the middle of it.
      await eventually(async () => sent.length - (await received(world)) < 200, {
        describe: "replicas that keep up",
      });
    }
  };
  const producers = Promise.all([producer(["known"]), producer(["grown", "newer"])]);
  return {
    sent,
    stop: async () => {
      stopped = true;
      await producers;
    },
  };
}

test("replicas are upgraded one after the other under load, and nothing is lost or doubled", async () => {
  await using world = await openWorld();
  await using children = new AsyncDisposableStack();
  const start = async (build: Build) => {
    const child = await startReplica(world, build);
    children.defer(async () => {
      if (child.exitCode === null && child.signalCode === null) await stopReplica(child, "SIGKILL");
    });
    return child;
  };
  await world.database.query(
    "alter table effects add column build text not null default current_setting('application_name')",
  );
  const handled = async (build: Build, kind: Kind) => {
    const ids = load.sent.flatMap((event) => (event.kind === kind ? [event.id] : []));
    const { rows } = await world.database.query<{ count: number }>(
      "select count(*)::int as count from effects where build = $1 and event_id = any($2)",
      [build, ids],
    );
    return rows[0]?.count ?? 0;
  };
  const letters = async (status: "open" | "redriven") => {
    const { rows } = await world.database.query<{ event_id: string }>(
      "select event_id from dead_letters where status = $1 and reason = 'unsupported-version'",
      [status],
    );
    return rows.map((row) => row.event_id);
  };

  // 1. Both replicas are of this build: they handle what they know, new fields included, and park the new version.
  const first = await start("this");
  const second = await start("this");
  const load = publishAll(world);
  children.defer(load.stop);
  await eventually(async () => (await handled("this", "known")) > 0 && (await handled("this", "grown")) > 0, {
    describe: "this build at work",
  });
  await eventually(async () => (await letters("open")).length > 0, { describe: "a parked event" });

  // 2. One is replaced: the new one makes up for what was parked while the old one parks on.
  await stopReplica(first, "SIGTERM");
  await start("next");
  await eventually(async () => (await handled("next", "newer")) > 0 && (await handled("next", "known")) > 0, {
    describe: "the next build at work",
  });
  const known = await handled("this", "known");
  const parkedBefore = new Set([...(await letters("open")), ...(await letters("redriven"))]);
  await eventually(
    async () =>
      (await handled("this", "known")) > known &&
      (await letters("redriven")).some((id) => !parkedBefore.has(id)),
    { describe: "both builds side by side: what the old one parks, the new one handles" },
  );

  // 3. The other one dies in the middle of its work, and is replaced too.
  await stopReplica(second, "SIGKILL");
  await start("next");
  await eventually(async () => (await handled("next", "grown")) > 0, { describe: "the next build alone" });
  await load.stop();

  const ids = load.sent.map(({ id }) => id).sort();
  await eventually(async () => (await world.effects()).length >= ids.length, {
    describe: `${ids.length} effects`,
  });
  // One more behind all others: a doubled effect would be there by now.
  const last = await world.send(kinds.newer());
  await eventually(async () => (await world.effects()).includes(last), { describe: "the last event" });
  expect(await world.effects()).toEqual([...ids, last].sort());
  expect(await letters("open")).toEqual([]);
  const redriven = await letters("redriven");
  const newer = new Set(load.sent.flatMap(({ id, kind }) => (kind === "newer" ? [id] : [])));
  expect(redriven.length).toBeGreaterThan(0);
  expect(redriven.filter((id) => !newer.has(id))).toEqual([]);
  const { rows } = await world.database.query(
    "select outcome, count(*)::int as count from inbox where event_type like $1 group by outcome",
    [`${DatasetIngestedV1.type.replace(/1$/, "%")}`],
  );
  expect(rows).toEqual([{ outcome: "handled", count: ids.length + 1 }]);
  expect((await world.database.query("select count(*)::int as count from dead_letters")).rows).toEqual([
    { count: redriven.length },
  ]);
});
