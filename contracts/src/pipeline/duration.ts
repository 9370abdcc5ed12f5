import { z } from "zod";

const unitsMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** A length of time as people write it: `30m`, `12h`, `7d`, `2w`. */
export const Duration = z
  .string()
  .regex(/^[1-9][0-9]{0,5}[smhdw]$/, "must be a duration such as 30m, 12h, 7d or 2w");

/** The length in milliseconds of a text that is a `Duration`. */
export function durationMs(duration: string): number {
  const unit = duration.at(-1) as keyof typeof unitsMs;
  return Number(duration.slice(0, -1)) * unitsMs[unit];
}
