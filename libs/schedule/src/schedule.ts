import { Cron } from "croner";

/** When something is due: five fields of cron, or a name such as `@daily`, in the time of a place. */
export interface Schedule {
  readonly cron: string;
  /** A name of the IANA list, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** From where it is looked whether a schedule is ever due; the 29th of February is found from anywhere. */
const anyMoment = new Date("2026-01-01T00:00:00.000Z");

/**
 * The first moment after `after` at which a schedule is due; undefined where it never is. A time that the change to
 * summer time leaves out is due an hour later; one that the change back repeats is due the first time.
 */
export function nextDue(schedule: Schedule, after: Date): Date | undefined {
  return read(schedule).nextRun(after) ?? undefined;
}

/** The moments at which a schedule was due, after `after` and up to `until`: the last of them, and how many. */
export function passedSince(
  schedule: Schedule,
  after: Date,
  until: Date,
  countMax: number,
): { readonly last: Date | undefined; readonly count: number } {
  const cron = read(schedule);
  let last: Date | undefined;
  let count = 0;
  for (let due = cron.nextRun(after); due !== null && due <= until; due = cron.nextRun(due)) {
    last = due;
    count += 1;
    // After years of rest every minute would be too much to walk through; what comes next is asked of `nextDue`.
    if (count === countMax) break;
  }
  return { last, count };
}

export interface ScheduleProblem {
  readonly part: keyof Schedule;
  readonly message: string;
}

/** Why nothing is ever due by a schedule; nothing where something is. */
export function scheduleProblems({ cron, timeZone }: Schedule): ScheduleProblem[] {
  if (isTimeZone(timeZone)) return cronProblems({ cron, timeZone });
  const message = `${JSON.stringify(timeZone)} is no time zone: use a name such as UTC or Europe/Berlin`;
  return [...cronProblems({ cron, timeZone: "UTC" }), { part: "timeZone", message }];
}

function cronProblems(schedule: Schedule): ScheduleProblem[] {
  try {
    if (nextDue(schedule, anyMoment) !== undefined) return [];
    return [{ part: "cron", message: "no day is ever like this: nothing would be due" }];
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replace(/^Cron\w+: /u, "");
    return [{ part: "cron", message: `cannot be read as "minute hour day month weekday": ${reason}` }];
  }
}

function read({ cron, timeZone }: Schedule): Cron {
  return new Cron(cron, { timezone: timeZone, mode: "5-part", paused: true });
}

/** Names of places only: what `+02:00` says changes twice a year. */
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return /^[A-Za-z]/u.test(name);
  } catch {
    return false;
  }
}
