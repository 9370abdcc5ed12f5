import type { GateSpec } from "@cascade/contracts";
import { describe, expect, test } from "vitest";
import { decidePromotion } from "./decide-promotion.ts";

const absolute: GateSpec = { metric: "auc", min: 0.6 };
const relative: GateSpec = { metric: "auc", beatsChampionBy: 0.01 };
const champion = { version: 2, metrics: { auc: 0.7, logLoss: 0.5 }, holdoutDigest: "rows" };
const judgement = {
  primaryMetric: "auc" as const,
  metrics: { auc: 0.72 },
  holdoutDigest: "rows",
  comparedWith: 2,
};

test("without a champion the first that passes is promoted", () => {
  expect(decidePromotion({ ...judgement, comparedWith: undefined }, undefined, [relative]).promote).toBe(
    true,
  );
});

test("without a gate against the champion, passing is enough, whoever is champion now", () => {
  expect(decidePromotion({ ...judgement, comparedWith: 1 }, champion, [absolute]).promote).toBe(true);
});

test("a comparison with the present champion counts", () => {
  expect(decidePromotion({ ...judgement, holdoutDigest: "other rows" }, champion, [relative])).toEqual({
    promote: true,
    reason: "it passed every gate against version 2",
  });
});

describe("given a comparison with an older champion", () => {
  const stale = { ...judgement, comparedWith: 1 };

  test("on other rows it says nothing: no promotion", () => {
    expect(decidePromotion({ ...stale, holdoutDigest: "other rows" }, champion, [relative])).toEqual({
      promote: false,
      reason:
        "it was compared with version 1, but version 2 is champion now, and the two were measured on different rows; train again, or approve it by hand",
    });
  });

  test("on the same rows it is made again", () => {
    expect(decidePromotion(stale, champion, [relative]).promote).toBe(true);
    expect(decidePromotion({ ...stale, metrics: { auc: 0.705 } }, champion, [relative])).toMatchObject({
      promote: false,
      reason: expect.stringContaining("its auc does not beat that version's by 0.01"),
    });
  });

  test("on the same rows a lower loss is better", () => {
    const gate: GateSpec = { metric: "logLoss", beatsChampionBy: 0 };
    expect(decidePromotion({ ...stale, metrics: { logLoss: 0.49 } }, champion, [gate]).promote).toBe(true);
    expect(decidePromotion({ ...stale, metrics: { logLoss: 0.51 } }, champion, [gate]).promote).toBe(false);
  });

  test("a pipeline without gates demands that it is at least as good", () => {
    expect(decidePromotion(stale, champion, []).promote).toBe(true);
    expect(decidePromotion({ ...stale, metrics: { auc: 0.69 } }, champion, []).promote).toBe(false);
    expect(decidePromotion({ ...stale, holdoutDigest: "other rows" }, champion, []).promote).toBe(false);
  });

  test("a metric that is missing fails closed", () => {
    expect(decidePromotion({ ...stale, metrics: {} }, champion, [relative]).promote).toBe(false);
  });

  test("there was none when it was evaluated", () => {
    const early = { ...stale, comparedWith: undefined, holdoutDigest: "other rows" };
    expect(decidePromotion(early, champion, [relative])).toMatchObject({
      promote: false,
      reason: expect.stringMatching(/^it was evaluated before version 2 became champion/),
    });
  });
});
