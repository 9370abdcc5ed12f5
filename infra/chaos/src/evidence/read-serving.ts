import type { HostedService } from "@cascade/stack";
import { z } from "zod";
import type { ServedPipeline } from "./evidence.ts";

const Answer = z.object({
  pipelines: z.array(
    z.object({
      pipeline: z.string(),
      revision: z.int().optional(),
      versions: z.array(z.object({ version: z.int(), weightPercent: z.number() })),
    }),
  ),
});

/** Asks each serving replica what it serves and, where wanted, for one last answer of each pipeline. */
export async function readServing(
  replicas: readonly HostedService[],
  askOnce?: (serving: HostedService, pipeline: string) => Promise<number | undefined>,
): Promise<ServedPipeline[]> {
  const served: ServedPipeline[] = [];
  for (const serving of replicas) {
    const response = await fetch(`${serving.url}/v1/pipelines`, { signal: AbortSignal.timeout(5000) });
    const { pipelines } = Answer.parse(await response.json());
    for (const { pipeline, revision, versions } of pipelines) {
      const answered = await askOnce?.(serving, pipeline);
      served.push({ replica: serving.replica, pipeline, revision, versions, answered });
    }
  }
  return served;
}
