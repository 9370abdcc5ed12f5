import { describe, expect, test } from "vitest";
import { type Answers, judge, type Quality } from "./analysis.ts";
import { after, canary, promoted, ready, serving, start } from "./fixtures.ts";
import type { Observing } from "./rollout.ts";

const observing = (
  analysis: { maxErrorShare: number; maxLatencyP99Ms?: number },
  minSeconds = 0,
): Observing => {
  const steps = [{ weightPercent: 10, minRequests: 100, minSeconds }];
  const { rollout } = ready(promoted(serving(1), 2, { ...canary, analysis, steps }));
  if (rollout?.status !== "observing") throw new Error("the canary is not being observed");
  return rollout;
};
const verdict = (rollout: Observing, answers: Answers, quality?: Quality, now = start) =>
  judge(rollout, answers, quality, now).analysis.verdict;

describe("errors", () => {
  const rollout = observing({ maxErrorShare: 0.05 });
  test.each([
    [0, 0, "inconclusive"],
    [99, 0, "inconclusive"],
    [100, 0, "passed"],
    [100, 5, "passed"],
    [100, 6, "failed"],
    [1000, 50, "passed"],
    [1000, 51, "failed"],
  ] as const)("of %i requests %i errors: %s", (requests, errors, expected) => {
    expect(verdict(rollout, { requests, errors })).toBe(expected);
  });

  test("fail a step before it is over where the limit cannot be kept any more", () => {
    expect(verdict(rollout, { requests: 6, errors: 5 })).toBe("inconclusive");
    expect(verdict(rollout, { requests: 6, errors: 6 })).toBe("failed");
  });

  test("a limit of 0 fails with the first, a limit of 1 never", () => {
    expect(verdict(observing({ maxErrorShare: 0 }), { requests: 1, errors: 1 })).toBe("failed");
    expect(verdict(observing({ maxErrorShare: 1 }), { requests: 100, errors: 100 })).toBe("passed");
  });
});

describe("latency", () => {
  const rollout = observing({ maxErrorShare: 0.05, maxLatencyP99Ms: 20 });
  test.each([
    [100, 20, "passed"],
    [100, 20.1, "failed"],
    [99, 500, "inconclusive"],
  ] as const)("of %i requests with %d ms: %s", (requests, latencyP99Ms, expected) => {
    expect(verdict(rollout, { requests, errors: 0, latencyP99Ms })).toBe(expected);
  });

  test("is of no account without a limit", () => {
    expect(verdict(observing({ maxErrorShare: 0 }), { requests: 100, errors: 0, latencyP99Ms: 1e6 })).toBe(
      "passed",
    );
  });
});

describe("time", () => {
  const rollout = observing({ maxErrorShare: 0.05 }, 30);
  const good = { requests: 100, errors: 0 };
  test("a step lasts as long as it must, however many answers there are", () => {
    expect(verdict(rollout, good, undefined, after(29.999))).toBe("inconclusive");
    expect(verdict(rollout, good, undefined, after(30))).toBe("passed");
  });
  test("but it fails at once", () => {
    expect(verdict(rollout, { requests: 100, errors: 50 })).toBe("failed");
  });
});

describe("quality", () => {
  const rollout = observing({ maxErrorShare: 0.05 });
  const quality = { metric: "auc", drop: 0.06, labels: 200, maxDrop: 0.05, minLabels: 200 };
  test("worse than expected by more than the margin fails the step", () => {
    const { analysis, reason } = judge(rollout, { requests: 10, errors: 0 }, quality, start);
    expect(analysis.verdict).toBe("failed");
    expect(reason).toBe("auc is 0.06 worse than expected on 200 labels: more than 0.05");
  });
  test.each([
    ["too few labels", { ...quality, labels: 199 }],
    ["a drop within the margin", { ...quality, drop: 0.05 }],
    ["an improvement", { ...quality, drop: -1 }],
  ])("%s does not", (_, known) => {
    expect(verdict(rollout, { requests: 100, errors: 0 }, known)).toBe("passed");
  });
});
