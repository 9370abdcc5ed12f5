import { execFile } from "node:child_process";
import { promisify } from "node:util";

export type Environment = Readonly<Record<string, string | undefined>>;

interface RunOptions {
  readonly environment: Environment;
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

const execute = promisify(execFile);

/** Runs a program to its end and returns what it printed; a failure carries the end of what it complained. */
export async function runProgram(
  program: string,
  programArguments: readonly string[],
  { environment, timeoutMs, cwd, user }: RunOptions,
): Promise<string> {
  try {
    const { stdout } = await execute(program, [...programArguments], {
      env: environment,
      timeout: timeoutMs,
      killSignal: "SIGKILL",
      maxBuffer: 16 * 1024 * 1024,
      ...(cwd === undefined ? {} : { cwd }),
      ...user,
    });
    return stdout;
  } catch (error) {
    throw new Error(`${program} ${describeFailure(error, timeoutMs)}`, { cause: error });
  }
}

function describeFailure(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "ENOENT") return "is not installed";
  if ("killed" in error && error.killed === true) return `did not end within ${timeoutMs} ms`;
  const complaint = "stderr" in error && typeof error.stderr === "string" ? error.stderr.trim() : "";
  return `failed: ${(complaint === "" ? error.message : complaint).slice(-1000)}`;
}
