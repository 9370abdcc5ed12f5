import { Agent, request } from "node:http";
import { z } from "zod";

// A load generator in a process of its own, so that it does not share a thread with what it measures.
const Job = z.object({ url: z.string(), body: z.string(), connections: z.int(), durationMs: z.int() });

export interface LoadResult {
  readonly answers: number;
  readonly failures: number;
  readonly latenciesMs: readonly number[];
}

async function run({ url, body, connections, durationMs }: z.infer<typeof Job>): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latenciesMs: number[] = [];
  let failures = 0;
  const until = performance.now() + durationMs;
  const ask = () =>
    new Promise<void>((resolve) => {
      const startedAt = performance.now();
      const call = request(
        url,
        {
          method: "POST",
          agent,
          headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
        },
        (response) => {
          response.resume().once("end", () => {
            latenciesMs.push(performance.now() - startedAt);
            if (response.statusCode !== 200) failures += 1;
            resolve();
          });
        },
      );
      call.once("error", () => {
        failures += 1;
        resolve();
      });
      call.end(body);
    });
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < until) await ask();
    }),
  );
  agent.destroy();
  return { answers: latenciesMs.length - failures, failures, latenciesMs };
}

process.on("message", async (message) => {
  process.send?.(await run(Job.parse(message)));
});
