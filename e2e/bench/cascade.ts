import { median, quantile, type Report } from "@cascade/bench";
import { predict } from "@cascade/cli";
import { ReplicaReadyV1 } from "@cascade/contracts";
import { generateRows } from "../src/generated-data.ts";
import { openStory } from "../src/story.ts";
import { startBareChain } from "./bare-chain.ts";
import { workSeconds } from "./work-seconds.ts";

const rounds = 10;
/** ingestion, validation, features, training, evaluation, registry, deployment, serving. */
const hops = 8;

/**
 * The time from `data.arrived` to the first answer by the new version, less the time inside trainers, data work
 * and model loading: what the system itself costs, against a bare chain of as many hops.
 */
export async function benchCascade(report: Report): Promise<void> {
  await using story = await openStory({ durable: true });
  const bare = await startBareChain(story.session.connection, story.stack.postgresAdminUrl, hops);
  const overheads: number[] = [];
  const floors: number[] = [];
  const totals: number[] = [];
  const row = generateRows({ rows: 1, seed: 99, from: "2026-02-01T00:00:00.000Z" }).map(
    ({ hit: _, ...rest }) => rest,
  );
  for (let round = 0; round <= rounds; round++) {
    const pipeline = `bench-${round}`;
    await story.apply({ pipeline });
    const before = await workSeconds(story.stack);
    const startedAt = performance.now();
    const cascade = await story.arrive(pipeline, {
      rows: 1000,
      seed: round,
      from: "2026-01-01T00:00:00.000Z",
    });
    // Asking again and again would load the system under measurement: the replica says when it is ready.
    await story.expect(ReplicaReadyV1, ({ correlationId }) => correlationId === cascade);
    await predict(story.stack.urlOf("serving"), pipeline, row);
    const totalMs = performance.now() - startedAt;
    const workMs = ((await workSeconds(story.stack)) - before) * 1000;
    const floorMs = median([await bare.run(), await bare.run(), await bare.run()]);
    // The first round warms caches and child processes of both sides.
    if (round === 0) continue;
    totals.push(totalMs);
    overheads.push(totalMs - workMs);
    floors.push(floorMs);
  }
  await bare.stop();
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
}
