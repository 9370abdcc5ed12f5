import { mkdir, mkdtemp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { removeFolder } from "./remove-folder.ts";

// The name says whose folder it is: the process, and when it started, because process ids come again.
const folderName = /^work-(\d+)-(\d+)-/u;
const startedAt = Math.round(performance.timeOrigin);

/** A folder of this process's own below the work directory, removed when it is disposed of. */
export async function openWorkingFolder(
  workDirectory: string,
): Promise<AsyncDisposable & { readonly path: string }> {
  await mkdir(workDirectory, { recursive: true });
  const path = await mkdtemp(join(workDirectory, `work-${process.pid}-${startedAt}-`));
  return { path, [Symbol.asyncDispose]: () => removeFolder(path) };
}

/** Removes what processes have left that were killed at their work. Returns the names of the folders. */
export async function removeLeftovers(workDirectory: string): Promise<string[]> {
  await mkdir(workDirectory, { recursive: true });
  const removed: string[] = [];
  for (const name of await readdir(workDirectory)) {
    const [, pid, started] = folderName.exec(name) ?? [];
    if (pid === undefined || isInUse(Number(pid), Number(started))) continue;
    await removeFolder(join(workDirectory, name));
    removed.push(name);
  }
  return removed;
}

function isInUse(pid: number, started: number): boolean {
  if (pid === process.pid) return started === startedAt;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user is alive, although it cannot be signalled.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
