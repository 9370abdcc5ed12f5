import { readFile } from "node:fs/promises";

/** The largest resident memory that any child of this process has had, in MB; undefined where there is no /proc. */
export async function peakOfChildren(): Promise<number | undefined> {
  const children = await readFile(`/proc/self/task/${process.pid}/children`, "utf8").catch(() => undefined);
  if (children === undefined) return undefined;
  const peaks = await Promise.all(
    children
      .trim()
      .split(" ")
      .map(async (child) => {
        const status = await readFile(`/proc/${child}/status`, "utf8").catch(() => "");
        return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1000;
      }),
  );
  return Math.max(...peaks);
}
