import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { z } from "zod";
import { makeSchedule } from "./make-schedule.ts";
import { runSchedule } from "./run-schedule.ts";
import type { Step } from "./schedule.ts";

/** What came of a number of schedules. */
export interface Totals {
  readonly schedules: number;
  /** How often each kind of step has come to pass. */
  readonly happened: Readonly<Partial<Record<Step["kind"], number>>>;
  /** Virtual time that went by, in all worlds together. */
  readonly virtualMs: number;
  readonly failedSeeds: readonly number[];
}

const Range = z.object({ from: z.number(), count: z.number(), failuresMax: z.number() });
type Range = z.infer<typeof Range>;

/** Plays schedules of seeds that follow one another; ends early where `failuresMax` of them have failed. */
export async function simulateRange({ from, count, failuresMax }: Range): Promise<Totals> {
  const happened: Partial<Record<Step["kind"], number>> = {};
  const failedSeeds: number[] = [];
  let virtualMs = 0;
  let schedules = 0;
  for (let seed = from; seed < from + count && failedSeeds.length < failuresMax; seed++) {
    const result = await runSchedule(makeSchedule(seed));
    schedules += 1;
    virtualMs += result.restedAtMs;
    for (const [kind, times] of result.happened) happened[kind] = (happened[kind] ?? 0) + times;
    if (result.violations.length > 0) failedSeeds.push(seed);
  }
  return { schedules, happened, virtualMs, failedSeeds };
}

/** The same in several threads. */
export async function simulate(range: Range, threads: number): Promise<Totals> {
  const share = Math.ceil(range.count / threads);
  const parts = Array.from({ length: threads }, (_, number) => ({
    ...range,
    from: range.from + number * share,
    count: Math.max(0, Math.min(share, range.count - number * share)),
  }));
  return (await Promise.all(parts.filter(({ count }) => count > 0).map(inThread))).reduce(add);
}

function inThread(range: Range): Promise<Totals> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { range } });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`a thread of the simulation ended with ${code}`)));
  });
}

function add(a: Totals, b: Totals): Totals {
  const happened: Partial<Record<Step["kind"], number>> = { ...a.happened };
  for (const [kind, times] of Object.entries(b.happened) as [Step["kind"], number][]) {
    happened[kind] = (happened[kind] ?? 0) + times;
  }
  return {
    schedules: a.schedules + b.schedules,
    happened,
    virtualMs: a.virtualMs + b.virtualMs,
    failedSeeds: [...a.failedSeeds, ...b.failedSeeds],
  };
}

const Task = z.object({ range: Range });

if (!isMainThread) {
  const task = Task.safeParse(workerData);
  if (task.success) parentPort?.postMessage(await simulateRange(task.data.range));
}
