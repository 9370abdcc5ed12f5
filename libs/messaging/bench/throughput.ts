import { median, type Report } from "@cascade/bench";
import { DatasetIngestedV1 } from "@cascade/contracts";
import { eventually, type SharedServers, startTestServers } from "@cascade/testing";
import { AckPolicy, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { ingested, openWorld, type TestWorld } from "../src/testing/world-for-test.ts";

const events = 5000;
const rounds = 5;
const batchMax = 100;

/** Events per second through inbox, effect, outbox and JetStream, against the same loop without the runtime. */
export async function benchThroughput(report: Report): Promise<void> {
  await using servers = await startTestServers({ environment: process.env });
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await inWorld(servers.shared, throughRuntime));
    bare.push(await inWorld(servers.shared, throughBareLoop));
  }
  process.stdout.write(`throughput: ${rounds} rounds of ${events} events each\n`);
  report.add(
    "events through inbox, outbox and JetStream",
    {
      value: median(ours),
      unit: "events/s",
      reference: `bare loop, ${batchMax} events a transaction`,
      referenceValue: median(bare),
    },
    { atLeast: 0.5 },
  );
}

async function inWorld(
  servers: SharedServers,
  measure: (world: TestWorld) => Promise<number>,
): Promise<number> {
  await using world = await openWorld(servers);
  for (let sent = 0; sent < events; sent += batchMax) {
    await Promise.all(Array.from({ length: batchMax }, (_, n) => world.send(ingested(`flights-${n % 5}`))));
  }
  return await measure(world);
}

async function throughRuntime(world: TestWorld): Promise<number> {
  const startedAt = performance.now();
  await world.start();
  await eventually(
    async () => {
      const { rows } = await world.database.query<{ published: number }>(
        "select count(*)::int as published from outbox where published_at is not null",
      );
      return (rows[0]?.published ?? 0) >= events;
    },
    { describe: "all events to be published", timeoutMs: 120_000, intervalMs: 10 },
  );
  return (events / (performance.now() - startedAt)) * 1000;
}

/** What is left when inbox, checks, tracing and retries are taken away. */
async function throughBareLoop(world: TestWorld): Promise<number> {
  const manager = await jetstreamManager(world.connection);
  await manager.consumers.add("CASCADE_INGESTION", {
    durable_name: "bare",
    filter_subject: `${DatasetIngestedV1.type}.*`,
    ack_policy: AckPolicy.Explicit,
  });
  const client = jetstream(world.connection);
  const consumer = await client.consumers.get("CASCADE_INGESTION", "bare");
  const startedAt = performance.now();
  for (let handled = 0; handled < events; ) {
    const messages = [];
    for await (const message of await consumer.fetch({ max_messages: batchMax, expires: 1000 }))
      messages.push(message);
    const ids = messages.map((message) => message.headers?.get("ce-id") ?? "");
    await world.database.transaction((tx) =>
      tx.query("insert into effects (event_id) select unnest($1::text[])", [ids]),
    );
    await Promise.all(
      messages.map((message) =>
        client.publish(message.subject.replace("dataset.ingested", "dataset.rejected"), message.data),
      ),
    );
    for (const message of messages) message.ack();
    handled += messages.length;
  }
  return (events / (performance.now() - startedAt)) * 1000;
}
