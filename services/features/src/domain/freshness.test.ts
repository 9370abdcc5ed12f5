import { expect, test } from "vitest";
import { type Freshness, judgeFreshness, type Measurement } from "./freshness.ts";

const hourMs = 3_600_000;
const at = (hour: number) => new Date(Date.UTC(2026, 0, 1) + hour * hourMs);
const due = (changes: Partial<Measurement> = {}): Measurement => ({
  chain: "a",
  isFirst: true,
  view: "rides",
  viewDigest: "sha256:1",
  newestTime: at(0).toISOString(),
  limitMs: 2 * hourMs,
  ...changes,
});
const known = (changes: Partial<Freshness> = {}): Freshness => ({
  newestTime: at(0),
  chain: "a",
  reportedAt: at(1),
  isStale: false,
  ...changes,
});

test("a fresh view tells its age, and is measured again when it would be stale", () => {
  const judged = judgeFreshness(due(), undefined, at(1));
  expect(judged).toMatchObject({
    tell: "age",
    ageSeconds: 3600,
    freshness: { isStale: false, reportedAt: at(1) },
  });
  expect(judged?.next).toEqual(new Date(at(2).getTime() + 1));
});

test("a limit that is passed is told once, and the age from then on", () => {
  const timer = due({ isFirst: false });
  const stale = judgeFreshness(timer, known(), at(3));
  expect(stale).toMatchObject({ tell: "stale", next: at(5), freshness: { isStale: true } });
  expect(judgeFreshness(timer, stale?.freshness, at(5))).toMatchObject({ tell: "age", next: at(7) });
});

test("ages are told once a minute at most, and a limit that is passed always", () => {
  const now = new Date(at(1).getTime() + 1000);
  expect(judgeFreshness(due(), known(), now)).toMatchObject({
    tell: "nothing",
    freshness: { reportedAt: at(1) },
  });
  expect(judgeFreshness(due({ limitMs: 1 }), known(), now)).toMatchObject({ tell: "stale" });
});

test("newer rows end the timers of older ones, and rows that come late change nothing", () => {
  expect(judgeFreshness(due({ isFirst: false }), known({ chain: "b" }), at(3))).toBeUndefined();
  expect(judgeFreshness(due({ chain: "b" }), known({ newestTime: at(1) }), at(3))).toBeUndefined();
  expect(
    judgeFreshness(due({ chain: "b" }), known({ isStale: true, newestTime: at(-9) }), at(3)),
  ).toMatchObject({
    tell: "stale",
    freshness: { chain: "b" },
  });
});

test("event times of the future are of no age", () => {
  expect(judgeFreshness(due({ newestTime: at(9).toISOString() }), undefined, at(1))?.ageSeconds).toBe(0);
});
