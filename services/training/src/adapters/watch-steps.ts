import type { FileHandle } from "node:fs/promises";
import { stepOf } from "../domain/progress-line.ts";
import { CurveBuilder } from "../domain/search/median-rule.ts";
import type { Curve, Goal } from "../domain/search/trial.ts";
import { openResult } from "./open-result.ts";

export interface WatchedSteps {
  readonly file: string;
  readonly metric: string;
  readonly goal: Goal;
  /** What is more is not read: a program that floods this file is compared by its beginning. */
  readonly bytesMax: number;
  readonly intervalMs: number;
  /** Called whenever there is something new; not after `end`. */
  onCurve(curve: Curve): void;
}

const chunkBytes = 64 * 1024;

/** Reads every step that a program tells in its progress file, also those of a burst. */
export function watchSteps(options: WatchedSteps): { end(): Promise<Curve> } {
  const { file, metric, goal, bytesMax } = options;
  const builder = new CurveBuilder(goal);
  let position = 0;
  let pending = Buffer.alloc(0);
  let ended = false;

  const take = (chunk: Buffer): void => {
    pending = Buffer.concat([pending, chunk]);
    const end = pending.lastIndexOf("\n");
    if (end < 0) return;
    for (const line of pending.toString("utf8", 0, end).split("\n")) {
      const told = stepOf(line, metric);
      if (told !== undefined) builder.add(told.step, told.value);
    }
    pending = pending.subarray(end + 1);
  };
  const readNew = async (handle: FileHandle): Promise<void> => {
    for (;;) {
      const room = Math.min(chunkBytes, bytesMax - position);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.max(0, room)), 0, room, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      take(buffer.subarray(0, bytesRead));
    }
  };
  const look = async (): Promise<void> => {
    const before = builder.curve.length;
    const handle = await openResult(file);
    if (handle === undefined || typeof handle === "string") return;
    try {
      await readNew(handle);
    } finally {
      await handle.close();
    }
    if (!ended && builder.curve.length > before) options.onCurve(builder.curve);
  };

  // What cannot be read now is read with the next look, and that of the end tells why it cannot be.
  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(look).catch(() => {});
  }, options.intervalMs);
  return {
    async end() {
      clearInterval(timer);
      await looking;
      ended = true;
      await look();
      return builder.curve;
    },
  };
}
