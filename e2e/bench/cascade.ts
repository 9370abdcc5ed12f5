import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { median, quantile, type Report } from "@cascade/bench";
import { openSession, predict } from "@cascade/cli";
import {
  DataArrivedV2,
  PipelineAppliedV1,
  PipelineSubmittedV1,
  ReplicaReadyV1,
  reactionsOf,
  services,
} from "@cascade/contracts";
import { findNatsServer } from "@cascade/local";
import { freePorts, startStack } from "@cascade/stack";
import { eventually, temporaryDirectory, testNats } from "@cascade/testing";
import { connect } from "@nats-io/transport-node";
import pg from "pg";
import { generateRows, writeCsv } from "../src/generated-data.ts";
import { pipelineText } from "../src/pipeline-text.ts";
import { startBareChain } from "./bare-chain.ts";
import { nextEvent } from "./next-event.ts";
import { workSeconds } from "./work-seconds.ts";

const rounds = 15;
// The first rounds warm caches, child processes and compiled code of both sides.
const warmRounds = 5;
/** ingestion, validation, features, training, evaluation, registry, deployment, serving. */
const hops = 8;
const answerTimeoutMs = 60_000;

/**
 * The time from `data.arrived` to the first answer by the new version, less the time inside trainers, data work
 * and model loading: what the system itself costs, against a bare chain of as many hops.
 */
export async function benchCascade(report: Report): Promise<void> {
  await using directory = await temporaryDirectory();
  const stack = await startStack({
    directory: join(directory.path, "stack"),
    ports: freePorts,
    durable: true,
  });
  try {
    await using session = await openSession(stack.accessAs("operator"));
    // A broker of its own, which flushes as the other does: that of the stack lets nobody make other streams.
    const { path: binary } = await findNatsServer({ environment: process.env });
    await using nats = await testNats({ source: { kind: "binary", path: binary }, durable: true });
    const connection = await connect({ servers: nats.url, noAsyncTraces: true });
    const bare = await startBareChain(connection, stack.postgresAdminUrl, hops);
    const overheads: number[] = [];
    const floors: number[] = [];
    const totals: number[] = [];
    const row = generateRows({ rows: 1, seed: 99, from: "2026-02-01T00:00:00.000Z" }).map(
      ({ hit: _, ...rest }) => rest,
    );
    for (let round = 0; round < warmRounds + rounds; round++) {
      const pipeline = `bench-${round}`;
      const path = join(directory.path, `${pipeline}.csv`);
      await writeCsv(path, generateRows({ rows: 1000, seed: round, from: "2026-01-01T00:00:00.000Z" }));
      const submitted = { text: pipelineText({ pipeline }), by: "bench" };
      await session.publish(PipelineSubmittedV1.create(pipeline, submitted));
      await untilKnown(stack.postgresAdminUrl, pipeline);
      const before = await workSeconds(stack);
      const ready = nextEvent(session.connection, ReplicaReadyV1, pipeline, answerTimeoutMs);
      const arrival = DataArrivedV2.create(pipeline, { files: [{ uri: pathToFileURL(path).href }] });
      const startedAt = performance.now();
      await session.publish(arrival);
      // Asking serving again and again would load the system under measurement: the replica says when it is ready.
      await ready;
      await predict(stack.urlOf("serving"), pipeline, row);
      const totalMs = performance.now() - startedAt;
      const workMs = ((await workSeconds(stack)) - before) * 1000;
      const floorMs = median([await bare.run(), await bare.run(), await bare.run()]);
      if (round < warmRounds) continue;
      totals.push(totalMs);
      overheads.push(totalMs - workMs);
      floors.push(floorMs);
    }
    await bare.stop();
    await connection.close();
    process.stdout.write(
      `cascade: ${rounds} rounds, data to answer ${median(totals).toFixed(0)} ms (median), of which the system itself ` +
        `${median(overheads).toFixed(1)} ms (p99 ${quantile(overheads, 0.99).toFixed(1)})\n`,
    );
    report.add(
      "overhead of a whole cascade",
      {
        value: median(overheads),
        unit: "ms",
        reference: `bare chain of ${hops} hops`,
        referenceValue: median(floors),
      },
      { atMost: 2 },
    );
  } finally {
    await stack.stop();
  }
}

/** Waits until every service that keeps pipelines has this one: data that come earlier are tried again later. */
async function untilKnown(postgresUrl: string, pipeline: string): Promise<void> {
  const keepers = services.filter((name) => Object.values(reactionsOf[name]).includes(PipelineAppliedV1));
  const counts = keepers.map(
    (name) => `select 1 from ${name}.inbox where pipeline = $1 and event_type = '${PipelineAppliedV1.type}'`,
  );
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    await eventually(
      async () => (await client.query(counts.join(" union all "), [pipeline])).rowCount === keepers.length,
      { describe: `${pipeline} to be known`, intervalMs: 10 },
    );
  } finally {
    await client.end();
  }
}
