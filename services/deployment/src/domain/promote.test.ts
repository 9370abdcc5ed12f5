import { describe, expect, test } from "vitest";
import { newEndpoint } from "./endpoint.ts";
import { canary, direct, promoted, ready, serving, start } from "./fixtures.ts";
import { promote } from "./promote.ts";

const promotionOf = (version: number, settings = direct) => ({
  version,
  settings,
  rolloutId: `rollout-${version}`,
  now: start,
});

describe("given nothing has served yet", () => {
  test.each([direct, canary])(
    "the first version takes all traffic at once, whatever the strategy",
    (settings) => {
      const change = promote(newEndpoint("flights"), promotionOf(1, settings));
      expect(change).toMatchObject({
        endpoint: { revision: 1, newestPromoted: 1, rollout: { status: "loading", step: 0, revision: 1 } },
        outcomes: [
          { kind: "started", plan: { strategy: "direct", steps: [] } },
          { kind: "assigned", revision: 1, traffic: [{ version: 1, weightPercent: 100 }] },
        ],
      });
    },
  );
});

describe("given a version with all traffic", () => {
  test("a direct rollout moves all traffic, and knows the way back", () => {
    expect(promote(serving(1), promotionOf(2))).toMatchObject({
      endpoint: { revision: 2, stable: { version: 1 } },
      outcomes: [
        { kind: "started", plan: { previousVersion: 1, strategy: "direct" } },
        { kind: "assigned", revision: 2, traffic: [{ version: 2, weightPercent: 100 }] },
      ],
    });
  });

  test("a canary shares the traffic by its first step", () => {
    expect(promote(serving(1), promotionOf(2, canary))).toMatchObject({
      outcomes: [
        { kind: "started", plan: { strategy: "canary", steps: canary.steps } },
        {
          kind: "assigned",
          traffic: [
            { version: 1, weightPercent: 80 },
            { version: 2, weightPercent: 20 },
          ],
        },
      ],
    });
  });

  test("promoting it again, as a rollback does, is nothing to do", () => {
    expect(promote(serving(2), promotionOf(2))).toEqual({ ignored: "VERSION_HAS_ALL_TRAFFIC" });
  });

  test("an older version that is told late does not take its place", () => {
    expect(promote(serving(2), promotionOf(1))).toEqual({ ignored: "NEWER_VERSION_WAS_PROMOTED" });
  });
});

describe("given a rollout in progress", () => {
  const inProgress = promoted(serving(1), 2, canary);

  test("the same version again is nothing to do", () => {
    expect(promote(inProgress, promotionOf(2))).toEqual({ ignored: "ROLLOUT_IN_PROGRESS" });
  });

  test("the version before it, promoted again by a late rollback, does not disturb it", () => {
    expect(promote(inProgress, promotionOf(1))).toEqual({ ignored: "NEWER_VERSION_WAS_PROMOTED" });
  });

  test.each(["loading", "observing"])(
    "a newer version supersedes it while %s, and starts from what served before both",
    (status) => {
      const endpoint = status === "loading" ? inProgress : ready(inProgress);
      expect(endpoint.rollout?.status).toBe(status);
      expect(promote(endpoint, promotionOf(3))).toMatchObject({
        endpoint: { revision: 3, stable: { version: 1 }, rollout: { plan: { version: 3 } } },
        outcomes: [
          {
            kind: "rolled-back",
            rollout: { plan: { version: 2, previousVersion: 1 }, reason: "superseded by version 3" },
          },
          { kind: "started", plan: { version: 3, previousVersion: 1 } },
          { kind: "assigned", revision: 3, traffic: [{ version: 3, weightPercent: 100 }] },
        ],
      });
    },
  );

  test("a first rollout that is superseded leaves nothing to return to", () => {
    const change = promote(promoted(newEndpoint("flights"), 1), promotionOf(2, canary));
    expect(change).toMatchObject({
      outcomes: [
        { kind: "rolled-back", rollout: { plan: { version: 1 } } },
        { kind: "started", plan: { version: 2, strategy: "direct" } },
        { kind: "assigned", traffic: [{ version: 2, weightPercent: 100 }] },
      ],
    });
    expect(change).not.toHaveProperty("endpoint.rollout.plan.previousVersion");
  });
});
