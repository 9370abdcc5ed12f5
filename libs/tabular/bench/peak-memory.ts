import { readFile } from "node:fs/promises";

/** The children that this process has now; undefined where there is no /proc. */
export async function childrenNow(): Promise<string[] | undefined> {
  const children = await readFile(`/proc/self/task/${process.pid}/children`, "utf8").catch(() => undefined);
  return children?.trim().split(" ");
}

/** The largest resident memory that any of some processes has had, in MB. */
export async function peakOf(processes: readonly string[]): Promise<number> {
  const peaks = await Promise.all(
    processes.map(async (id) => {
      const status = await readFile(`/proc/${id}/status`, "utf8").catch(() => "");
      return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1000;
    }),
  );
  return Math.max(...peaks);
}
