import { expect, test } from "vitest";
import { nextDue, passedSince, scheduleProblems } from "./schedule.ts";

const daily = { cron: "30 2 * * *", timeZone: "Europe/Berlin" };

function firstDues(after: string, count: number): string[] {
  const dues: string[] = [];
  for (let at = new Date(after); dues.length < count; ) {
    const due = nextDue(daily, at);
    if (due === undefined) break;
    dues.push(due.toISOString());
    at = due;
  }
  return dues;
}

test("a time that the change to summer time leaves out is due an hour later, once", () => {
  expect(firstDues("2026-03-27T12:00:00Z", 3)).toEqual([
    "2026-03-28T01:30:00.000Z",
    "2026-03-29T01:30:00.000Z",
    "2026-03-30T00:30:00.000Z",
  ]);
});

test("a time that the change back repeats is due the first time, once", () => {
  expect(firstDues("2026-10-24T12:00:00Z", 2)).toEqual([
    "2026-10-25T00:30:00.000Z",
    "2026-10-26T01:30:00.000Z",
  ]);
});

test("what has passed is counted, and its last moment is known", () => {
  const after = new Date("2026-03-01T01:30:00.000Z");
  const until = new Date("2026-03-04T12:00:00.000Z");
  const passed = { last: new Date("2026-03-04T01:30:00.000Z"), count: 3 };
  expect(passedSince(daily, after, until, 100)).toEqual(passed);
  expect(passedSince(daily, until, until, 100)).toEqual({ last: undefined, count: 0 });
  expect(passedSince(daily, after, until, 2).count).toBe(2);
});

test.each([
  ["0 3 * * 1-5", "America/New_York"],
  ["@daily", "UTC"],
  ["0 0 29 2 *", "UTC"],
  ["*/15 8-18 * * MON-FRI", "Asia/Kolkata"],
])("%s in %s is a schedule", (cron, timeZone) => {
  expect(scheduleProblems({ cron, timeZone })).toEqual([]);
});

test.each([
  ["0 0 30 2 *", "UTC", "cron", "nothing would be due"],
  ["61 3 * * *", "UTC", "cron", "Invalid value for minute: 61"],
  ["* * * * * *", "UTC", "cron", "requires exactly 5 parts"],
  ["tomorrow", "UTC", "cron", "cannot be read"],
  ["0 3 * * *", "Mars/Olympus", "timeZone", "is no time zone"],
  ["0 3 * * *", "+02:00", "timeZone", "is no time zone"],
])("%s in %s is refused", (cron, timeZone, part, message) => {
  const problems = scheduleProblems({ cron, timeZone });
  expect(problems).toEqual([{ part, message: expect.stringContaining(message) }]);
});

test("both parts may be wrong at once", () => {
  const problems = scheduleProblems({ cron: "0 3 31 2 *", timeZone: "Berlin" });
  expect(problems.map(({ part }) => part)).toEqual(["cron", "timeZone"]);
});
