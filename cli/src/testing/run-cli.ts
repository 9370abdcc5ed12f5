import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

interface CliRun {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
  /** The one document that `--json` writes. */
  readonly json: () => unknown;
}

/** Runs the command line as a person does: a process of its own, its output and its exit code. */
export async function runCli(natsUrl: string, ...words: readonly string[]): Promise<CliRun> {
  const main = fileURLToPath(new URL("../main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, "--nats", natsUrl, "--by", "ada", ...words], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [output, errors, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { exitCode, output, errors, json: () => JSON.parse(output) };
}
