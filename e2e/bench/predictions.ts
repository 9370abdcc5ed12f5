import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median, quantile, type Report } from "@cascade/bench";
import { ModelVersionPromotedV1, RolloutCompletedV1 } from "@cascade/contracts";
import { openStory } from "../src/story.ts";
import type { LoadResult } from "./load.ts";

const rounds = 5;
const roundMs = 2000;
const connectionCounts = [1, 8, 64] as const;

const body = JSON.stringify({
  inputs: [
    { name: "strength", shape: [1, 1], datatype: "FP32", data: [0.5] },
    { name: "noise", shape: [1, 1], datatype: "FP32", data: [0.1] },
    { name: "colour", shape: [1, 1], datatype: "BYTES", data: ["red"] },
  ],
});

/** Predictions per second and p99 of serving, logging on, against fastify with onnxruntime-node alone. */
export async function benchPredictions(report: Report): Promise<void> {
  await using story = await openStory({ processes: true });
  await story.apply({ pipeline: "bench", monitoring: "{ window: { predictions: 1000000 } }" });
  await story.arrive("bench", { rows: 4000, seed: 1, from: "2026-01-01T00:00:00.000Z" });
  await story.expect(RolloutCompletedV1, undefined, 120_000);
  const promoted = await story.expect(ModelVersionPromotedV1);
  const digest = promoted.data.servable.model.digest.replace("sha256:", "sha256/");
  const modelPath = join(story.stack.directory, "artifacts", digest);

  const bare = start("./bare-server.ts", [modelPath]);
  const load = start("./load.ts", []);
  try {
    const [{ url }] = (await once(bare, "message")) as [{ url: string }];
    const ours = `${story.stack.urlOf("serving")}/v2/models/bench/infer`;
    for (const connections of connectionCounts) {
      const results = { ours: [] as LoadResult[], bare: [] as LoadResult[] };
      for (let round = 0; round <= rounds; round++) {
        const a = await measure(load, ours, connections);
        const b = await measure(load, `${url}/infer`, connections);
        // The first round warms both.
        if (round === 0) continue;
        results.ours.push(a);
        results.bare.push(b);
      }
      const failures = [...results.ours, ...results.bare].reduce((sum, result) => sum + result.failures, 0);
      if (failures > 0) throw new Error(`${failures} requests failed under load`);
      const perSecond = (all: readonly LoadResult[]) =>
        median(all.map(({ answers }) => (answers / roundMs) * 1000));
      const p99 = (all: readonly LoadResult[]) =>
        median(all.map(({ latenciesMs }) => quantile(latenciesMs, 0.99)));
      const reference = "fastify + onnxruntime-node";
      const at = `at ${connections} connection(s)`;
      report.add(
        `predictions ${at}`,
        { value: perSecond(results.ours), unit: "/s", reference, referenceValue: perSecond(results.bare) },
        { atLeast: 0.85 },
      );
      report.add(
        `p99 ${at}`,
        { value: p99(results.ours), unit: "ms", reference, referenceValue: p99(results.bare) },
        { atMost: 1.5 },
      );
    }
    process.stdout.write(
      `predictions: ${rounds} interleaved rounds of ${roundMs} ms for each number of connections\n`,
    );
  } finally {
    bare.kill();
    load.kill();
  }
}

function start(file: string, args: readonly string[]): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), args, { serialization: "advanced" });
}

async function measure(load: ChildProcess, url: string, connections: number): Promise<LoadResult> {
  load.send({ url, body, connections, durationMs: roundMs });
  const [result] = (await once(load, "message")) as [LoadResult];
  return result;
}
