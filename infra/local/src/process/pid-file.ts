import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { z } from "zod";
import { hasCode, LocalError } from "../errors.ts";
import { sendSignal, startOf, waitUntilEnded } from "./process-table.ts";

const KnownProcess = z.object({ pid: z.int().positive(), startedAt: z.string() });
const PidFile = z.object({ server: KnownProcess, owner: KnownProcess });

/** Notes which server uses a directory, and which process started it. */
export async function writePidFile(path: string, serverPid: number): Promise<void> {
  const [server, owner] = await Promise.all([known(serverPid), known(process.pid)]);
  if (server === undefined || owner === undefined) return;
  await writeFile(`${path}.new`, JSON.stringify({ server, owner }));
  await rename(`${path}.new`, path);
}

/**
 * Makes sure that no server uses the directory: one whose owner has gone is stopped, one whose owner lives is an
 * error. A process that only happens to have the noted id is left alone.
 */
export async function clearOrphan(path: string, name: string, stopLimitMs: number): Promise<void> {
  const noted = await readPidFile(path);
  if (noted === undefined) return;
  const { server, owner } = noted;
  if ((await startOf(server.pid)) === server.startedAt) {
    if ((await startOf(owner.pid)) === owner.startedAt) {
      throw new LocalError(
        "ALREADY_RUNNING",
        `${name} already runs on this data directory, started by process ${owner.pid}. ` +
          "Stop that process, or use another data directory.",
      );
    }
    await endProcess(server.pid, "SIGTERM", stopLimitMs);
  }
  await rm(path, { force: true });
}

export async function endProcess(pid: number, signal: NodeJS.Signals, limitMs: number): Promise<void> {
  // A stopped process handles no signal before it goes on.
  sendSignal(pid, "SIGCONT");
  sendSignal(pid, signal);
  if (await waitUntilEnded([pid], limitMs)) return;
  sendSignal(pid, "SIGKILL");
  await waitUntilEnded([pid], limitMs);
}

async function known(pid: number): Promise<z.infer<typeof KnownProcess> | undefined> {
  const startedAt = await startOf(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

async function readPidFile(path: string): Promise<z.infer<typeof PidFile> | undefined> {
  try {
    return PidFile.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    // It is replaced as a whole, so only somebody else can have put nonsense there.
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}
