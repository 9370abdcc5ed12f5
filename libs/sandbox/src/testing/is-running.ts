import { readFileSync } from "node:fs";

/** Whether a process still runs; a zombie that nobody has collected yet does not. */
export function isRunning(pid: number | string): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}
