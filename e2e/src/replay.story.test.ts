import {
  definitionOfType,
  eventDefinitions,
  outgoingStream,
  RolloutCompletedV1,
  ServingWindowReportedV1,
  services,
  streamsFor,
  WindowClosedV1,
} from "@cascade/contracts";
import { collectEvents, connectBroker, noLog } from "@cascade/messaging";
import { eventually } from "@cascade/testing";
import { DeliverPolicy, type JetStreamClient, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { headers as createHeaders } from "@nats-io/transport-node";
import pg from "pg";
import { expect, test } from "vitest";
import { generateRows } from "./generated-data.ts";
import { openStory, type Story } from "./story.ts";

test("every event replayed twice changes nothing", async () => {
  // Idle replicas say that they are there: left on, that would be new events in the middle of the comparison.
  await using story = await openStory({ environment: { CASCADE_SERVING_IDLE_WINDOW_MS: "3600000" } });
  await story.apply({ pipeline: "shots" });
  await story.arrive("shots", { rows: 3000, seed: 1, from: "2026-01-01T00:00:00.000Z" });
  await story.expect(RolloutCompletedV1);
  const rows = generateRows({ rows: 1200, seed: 2, from: "2026-02-01T00:00:00.000Z" });
  await story.label("shots", await story.ask("shots", rows), rows);
  await eventually(() => story.ofType(WindowClosedV1).length >= 2, { describe: "two closed windows" });
  await eventually(async () => (await requestsReported(story)) === 3, {
    describe: "all requests to be reported",
  });
  await allHandled(story);

  const before = await contents(story);
  const idsBefore = new Set(story.seen.map(({ envelope }) => envelope.id));
  const replayed = await replayEverything(story);
  expect(replayed).toBeGreaterThan(20);
  await replayEverything(story);
  await allHandled(story);

  expect(await contents(story)).toEqual(before);
  expect(new Set(story.seen.map(({ envelope }) => envelope.id))).toEqual(idsBefore);
});

/** How many requests serving has reported to have answered. */
async function requestsReported({ session }: Story): Promise<number> {
  const subject = `${ServingWindowReportedV1.type}.*`;
  const windows = await collectEvents({ connection: session.connection, which: "all", subject });
  return windows.reduce((sum, { data }) => sum + ServingWindowReportedV1.schema.parse(data).requests, 0);
}

/** Publishes every stored message again as it is, without the id by which the broker would know it. */
async function replayEverything({ session, stack }: Story): Promise<number> {
  await using owners = new AsyncDisposableStack();
  const senders = new Map<string, JetStreamClient>();
  for (const user of [...services, "operator"]) {
    const connection = await connectBroker({ ...stack.accessAs(user), name: user, log: noLog });
    owners.defer(() => connection.close());
    senders.set(user, jetstream(connection));
  }
  const client = jetstream(session.connection);
  let count = 0;
  for (const { name } of streamsFor(eventDefinitions)) {
    const consumer = await client.consumers.get(name, {
      deliver_policy: DeliverPolicy.All,
      filter_subjects: "cascade.>",
    });
    const { num_pending: stored } = await consumer.info();
    if (stored === 0) continue;
    const messages = await consumer.consume();
    const copies: { subject: string; data: Uint8Array; headers: [string, string][] }[] = [];
    for await (const message of messages) {
      const headers: [string, string][] = [];
      for (const [name, values] of message.headers ?? [])
        for (const value of values) headers.push([name, value]);
      copies.push({ subject: message.subject, data: message.data, headers });
      if (copies.length === stored) break;
    }
    for (const copy of copies) {
      const headers = createHeaders();
      for (const [name, value] of copy.headers) if (!name.startsWith("Nats-")) headers.set(name, value);
      // Only its owner may say an event again.
      await senders.get(ownerOf(copy))?.publish(copy.subject, copy.data, { headers });
      count += 1;
    }
  }
  return count;
}

function ownerOf({ headers, subject }: { headers: [string, string][]; subject: string }): string {
  const owner = definitionOfType(subject.split(".").slice(0, -1).join("."))?.owner;
  if (owner === undefined) throw new Error(`${subject} is no event`);
  if (owner === "outside") return "operator";
  if (owner !== "runtime") return owner;
  return (
    headers
      .find(([name]) => name === "ce-source")?.[1]
      .split("/")
      .at(-1) ?? ""
  );
}

/** Waits until no consumer of a service has anything left to do, and nothing waits to be published. */
async function allHandled(story: Story): Promise<void> {
  const access = story.stack.accessAs("provisioner");
  const connection = await connectBroker({ ...access, name: "provisioner", log: noLog });
  await using _ = { [Symbol.asyncDispose]: () => connection.close() };
  const manager = await jetstreamManager(connection, { checkAPI: false });
  await eventually(
    async () => {
      for await (const { config } of manager.streams.list()) {
        // Nobody plays the outsider, so its durable waits.
        if (config.name === outgoingStream.name) continue;
        for await (const info of manager.consumers.list(config.name)) {
          if (info.config.durable_name === undefined) continue;
          if (info.num_pending > 0 || info.num_ack_pending > 0) return false;
        }
      }
      return (
        (
          await query(
            story,
            services
              .map((name) => `select 1 from ${name}.outbox where published_at is null`)
              .join(" union all "),
          )
        ).length === 0
      );
    },
    { describe: "all events to be handled", timeoutMs: 60_000 },
  );
}

/** What every service knows: all rows of all its tables, times of bookkeeping aside. */
async function contents(story: Story): Promise<Record<string, string>> {
  const tables = await query<{ schema: string; name: string; columns: string[] }>(
    story,
    `select table_schema as schema, table_name as name, array_agg(column_name::text order by column_name) as columns
     from information_schema.columns
     where table_schema = any('{${services.join(",")}}')
       and table_name not in ('inbox_attempts', 'consumer_positions', 'stream_checks', 'messaging_migrations', 'service_migrations')
       and data_type not like 'timestamp%'
     group by 1, 2 order by 1, 2`,
  );
  const result: Record<string, string> = {};
  for (const { schema, name, columns } of tables) {
    // Claims are renewed by the relay, replicas are seen again, and a place is that of the last delivery: no effects.
    const passing = ["claimed_until", "attempts", "fence", ...(name === "inbox" ? ["sequence"] : [])];
    const kept = columns.filter((column) => !passing.includes(column));
    const list = kept.map((column) => `"${column}"`).join(", ");
    const [row] = await query<{ digest: string | null; count: number }>(
      story,
      `select md5(string_agg(t::text, '|' order by t::text)) as digest, count(*)::int as count
       from (select ${list} from ${schema}."${name}") t`,
    );
    result[`${schema}.${name}`] = `${row?.count} rows ${row?.digest}`;
  }
  return result;
}

async function query<Row extends object>(story: Story, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: story.stack.postgresAdminUrl });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
