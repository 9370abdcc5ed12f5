import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const timeoutMs = 900_000;
// Some of them tell their makers of every run.
const env = { ...process.env, GX_ANALYTICS_ENABLED: "false", DO_NOT_TRACK: "1" };
const script = fileURLToPath(new URL("./peers.py", import.meta.url));

export const peers = ["pandas", "polars", "scipy", "pandera", "great_expectations", "evidently"] as const;
export type Peer = (typeof peers)[number];

/** Seconds and peak MB of a peer on the same file, or why it did not run. CASCADE_BENCH_PYTHON names a Python that has them. */
export async function runPeer(
  peer: Peer,
  path: string,
  window: string,
): Promise<{ seconds: number; peakMb: number } | { skipped: string }> {
  const python = process.env.CASCADE_BENCH_PYTHON;
  if (python === undefined) return { skipped: "CASCADE_BENCH_PYTHON does not name a Python that has it" };
  try {
    const { stdout } = await run(python, [script, peer, path, window], { timeout: timeoutMs, env });
    const [seconds = 0, peakMb = 0] = stdout.trim().split(" ").map(Number);
    return { seconds, peakMb };
  } catch (error) {
    const reason = String((error as { stderr?: string }).stderr ?? error)
      .trim()
      .split("\n")
      .at(-1);
    return { skipped: reason ?? "it failed" };
  }
}
