import type { JobProgress } from "@cascade/messaging";
import { progressOf } from "../domain/progress-line.ts";
import { openResult } from "./open-result.ts";

const chunkBytes = 64 * 1024;

/**
 * Tells what a program appends to its progress file while it runs, the newest whole line at each look. A
 * file is looked at instead of watched: not every file system tells its changes.
 */
export function followProgress(
  file: string,
  tell: (progress: JobProgress) => void,
  intervalMs: number,
): { stop(): Promise<void> } {
  let position = 0;
  let stopped = false;
  let looking: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    const handle = await openResult(file);
    if (handle === undefined || typeof handle === "string") return;
    try {
      const { size } = await handle.stat();
      if (size <= position) return;
      // Progress is lossy: of a burst only the end is read.
      const start = Math.max(position, size - chunkBytes);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
      const text = buffer.toString("utf8", 0, bytesRead);
      const end = text.lastIndexOf("\n");
      if (end < 0) return;
      position = start + Buffer.byteLength(text.slice(0, end + 1));
      const newest = text
        .slice(0, end)
        .split("\n")
        .map(progressOf)
        .findLast((line) => line !== undefined);
      if (newest !== undefined) tell(newest);
    } finally {
      await handle.close();
    }
  };
  const timer = setInterval(() => {
    looking = looking.then(() => (stopped ? undefined : look())).catch(() => undefined);
  }, intervalMs);
  return {
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await looking;
      // The last line is often written just before the end.
      await look().catch(() => undefined);
    },
  };
}
