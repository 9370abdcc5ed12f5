import { readFile } from "node:fs/promises";
import { platform } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { runProgram } from "../run-program.ts";

const psEnvironment = { PATH: "/usr/bin:/bin", LC_ALL: "C" };

/**
 * When a process started, as an opaque text, or undefined where it does not run. A process id alone says little:
 * ids are used again.
 */
export async function startOf(pid: number): Promise<string | undefined> {
  if (platform() === "linux") {
    const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
    // The program's name is in parentheses and may itself contain any character: fields are counted after it.
    const fields = line?.slice(line.lastIndexOf(")") + 2).split(" ");
    const hasEnded = fields?.[0] === "Z" || fields?.[0] === "X";
    return hasEnded ? undefined : fields?.[19];
  }
  const line = await runPs(["-o", "stat=,lstart=", "-p", String(pid)]);
  return line === "" || line.startsWith("Z") ? undefined : line.replace(/^\S+\s+/, "");
}

/** The program and its arguments; empty where the process does not run. */
export async function commandLineOf(pid: number): Promise<string> {
  if (platform() === "linux") {
    const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    return text.replaceAll("\0", " ");
  }
  return runPs(["-o", "command=", "-p", String(pid)]);
}

/** The processes that a process has started and that still run. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text =
    platform() === "linux"
      ? await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "")
      : await runProgram("pgrep", ["-P", String(pid)], { environment: psEnvironment, timeoutMs: 5000 }).catch(
          () => "",
        );
  return text
    .split(/\s+/)
    .map(Number)
    .filter((child) => child > 0);
}

/** Sends a signal; a process that has ended already is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Waits until none of the processes runs any more; false when the limit passed before. */
export async function waitUntilEnded(pids: readonly number[], limitMs: number): Promise<boolean> {
  const giveUpAt = performance.now() + limitMs;
  for (;;) {
    const starts = await Promise.all(pids.map(startOf));
    if (starts.every((start) => start === undefined)) return true;
    if (performance.now() > giveUpAt) return false;
    await delay(20);
  }
}

function runPs(psArguments: readonly string[]): Promise<string> {
  return runProgram("ps", psArguments, { environment: psEnvironment, timeoutMs: 5000 }).then(
    (text) => text.trim(),
    () => "",
  );
}
