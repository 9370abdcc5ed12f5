import type { JobProgress } from "@cascade/messaging";
import { z } from "zod";

const ProgressLine = z.object({
  message: z.string().min(1).max(1000).optional(),
  step: z.number().nonnegative().optional(),
  of: z.number().positive().optional(),
  share: z.number().min(0).max(1).optional(),
  metrics: z.record(z.string(), z.number()).optional(),
});

/** Undefined where a program has written something else. */
function read(line: string): z.infer<typeof ProgressLine> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return ProgressLine.safeParse(value).data;
}

/** What one line of progress.jsonl tells; undefined where it tells nothing. */
export function progressOf(line: string): JobProgress | undefined {
  const told = read(line);
  if (told === undefined) return undefined;
  const { message, step, of, share, metrics = {} } = told;
  const steps = step === undefined ? [] : [of === undefined ? `step ${step}` : `step ${step} of ${of}`];
  const figures = Object.entries(metrics).map(([name, figure]) => `${name} ${Number(figure.toPrecision(4))}`);
  const text = message ?? [...steps, ...figures].join(", ");
  if (text === "") return undefined;
  const known = share ?? (step === undefined || of === undefined ? undefined : Math.min(1, step / of));
  return { message: text.slice(0, 1000), ...(known === undefined ? {} : { share: known }) };
}

/** What a line tells of a metric at a step; undefined where it tells nothing of it. */
export function stepOf(line: string, metric: string): { step: number; value: number } | undefined {
  const { step, metrics = {} } = read(line) ?? {};
  const measured = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;
  return step === undefined || measured === undefined ? undefined : { step, value: measured };
}
