import { expect, test } from "vitest";
import { readSince } from "./since-option.ts";

const now = new Date("2026-03-01T12:00:00.000Z");

test.each([
  ["45s", "2026-03-01T11:59:15.000Z"],
  ["30m", "2026-03-01T11:30:00.000Z"],
  ["1.5h", "2026-03-01T10:30:00.000Z"],
  ["7d", "2026-02-22T12:00:00.000Z"],
  ["2026-02-28T08:00:00+01:00", "2026-02-28T07:00:00.000Z"],
  ["2026-02-28", "2026-02-28T00:00:00.000Z"],
])("%s is a time to look back to", (text, moment) => {
  expect(readSince(text, now).toISOString()).toBe(moment);
});

test.each([
  "",
  "5",
  "5 minutes",
  "-5m",
  "yesterday",
  "2026-13-45",
  "1e9d",
  "9".repeat(30).concat("d"),
  "NaN",
])("%j is none", (text) => {
  expect(() => readSince(text, now)).toThrow("--since takes a duration");
});
