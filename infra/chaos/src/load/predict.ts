import { z } from "zod";
import type { Ending } from "../journal/journal.ts";

const Answer = z.object({ predictions: z.array(z.object({ id: z.string(), version: z.int() })).min(1) });
const Problem = z.object({ code: z.string(), detail: z.string() });

const timeoutMs = 5000;

/** Asks one replica; a refusal is a failure, and where no answer comes, the prediction may have been made. */
export async function askReplica(
  url: string,
  pipeline: string,
  rows: readonly unknown[],
  ids: readonly string[],
): Promise<Ending> {
  try {
    const response = await fetch(`${url}/v1/${pipeline}/predict`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ rows, ids }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body: unknown = await response.json();
    if (response.ok) {
      const { predictions } = Answer.parse(body);
      const versions = new Set(predictions.map(({ version }) => version));
      if (predictions.length !== ids.length || versions.size !== 1) {
        return { outcome: "failed", detail: `${ids.length} rows, ${predictions.length} answers` };
      }
      return { outcome: "ok", version: predictions[0]?.version };
    }
    const problem = Problem.safeParse(body);
    const detail = problem.success ? `${problem.data.code}: ${problem.data.detail}` : JSON.stringify(body);
    return { outcome: "failed", detail: `${response.status} ${detail}`.slice(0, 500) };
  } catch (error) {
    return { outcome: "unknown", detail: error instanceof Error ? error.message : String(error) };
  }
}
