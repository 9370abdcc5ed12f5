import { readdir, readFile } from "node:fs/promises";
import { platform } from "node:os";

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Together with the id it names a process: ids come again. */
  readonly startedAt: string;
}

/** Whether this machine tells what runs on it; elsewhere orphans are not looked for. */
const hasProcessTable = platform() === "linux";

export async function listProcesses(): Promise<ProcessEntry[]> {
  if (!hasProcessTable) return [];
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(ids.map(readEntry));
  return entries.filter((entry) => entry !== undefined);
}

async function readEntry(pid: string): Promise<ProcessEntry | undefined> {
  const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The program's name may contain anything: fields are counted after its closing parenthesis.
  const fields = line?.slice(line.lastIndexOf(")") + 2).split(" ");
  const [state, parent, startedAt] = [fields?.[0], fields?.[1], fields?.[19]];
  if (parent === undefined || startedAt === undefined || state === "Z" || state === "X") return undefined;
  return { pid: Number(pid), parent: Number(parent), startedAt };
}

export async function commandOf(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return text.replaceAll("\0", " ").trim();
}

/** Everything that the given processes have started, directly or not. */
export function descendantsOf(roots: readonly number[], entries: readonly ProcessEntry[]): ProcessEntry[] {
  const byParent = Map.groupBy(entries, ({ parent }) => parent);
  const found: ProcessEntry[] = [];
  const open = [...roots];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    for (const child of byParent.get(pid) ?? []) {
      found.push(child);
      open.push(child.pid);
    }
  }
  return found;
}
