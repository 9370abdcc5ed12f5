import { CliError, exitCodes } from "./errors.ts";

const unitsMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads how far back to look: a duration such as `30m`, or a moment such as `2026-01-31T08:00:00Z`. */
export function readSince(text: string, now: Date): Date {
  const duration = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text);
  const moment =
    duration === null
      ? // A date at least: Date reads a bare number as a year or a month.
        new Date(/^\d{4}-\d{2}-\d{2}/.test(text) ? text : Number.NaN)
      : new Date(now.getTime() - Number(duration[1]) * unitsMs[duration[2] as keyof typeof unitsMs]);
  if (!Number.isNaN(moment.getTime())) return moment;
  throw new CliError(
    exitCodes.usage,
    `--since takes a duration such as 30m, 2h or 7d, or a time such as 2026-01-31T08:00:00Z, not "${text}".`,
  );
}
