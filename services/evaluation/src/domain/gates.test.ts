import { describe, expect, test } from "vitest";
import { type ChampionComparison, defaultGates, failedFirst, judgeGate, judgeSize } from "./gates.ts";

const none: ChampionComparison = { kind: "none" };
const scored = (metrics: object): ChampionComparison => ({ kind: "scored", version: 3, metrics });

describe("an absolute gate", () => {
  test.each([
    [{ min: 0.6 }, 0.6, true],
    [{ min: 0.6 }, 0.5999, false],
    [{ max: 0.5 }, 0.5, true],
    [{ max: 0.5 }, 0.5001, false],
    [{ min: 0.4, max: 0.6 }, 0.5, true],
    [{ min: 0.4, max: 0.6 }, 0.7, false],
  ])("%j with %d: %s", (bounds, value, passed) => {
    expect(judgeGate({ metric: "auc", ...bounds }, { auc: value }, none, 10).passed).toBe(passed);
  });

  test("says what was measured on how many rows", () => {
    expect(judgeGate({ metric: "auc", min: 0.6 }, { auc: 0.71 }, none, 1500)).toEqual({
      gate: "auc at least 0.6",
      passed: true,
      detail: "auc is 0.71 on 1500 holdout rows",
    });
  });

  test("fails where its metric could not be measured", () => {
    expect(judgeGate({ metric: "auc", min: 0 }, {}, none, 10).passed).toBe(false);
  });
});

describe("a gate against the champion", () => {
  const judge = (metric: "auc" | "logLoss" | "rmse" | "r2", own: number, champion: number, by = 0) =>
    judgeGate({ metric, beatsChampionBy: by }, { [metric]: own }, scored({ [metric]: champion }), 10).passed;

  test("lets the better one pass, whichever direction better is", () => {
    expect(judge("auc", 0.8, 0.7)).toBe(true);
    expect(judge("auc", 0.7, 0.8)).toBe(false);
    expect(judge("r2", 0.8, 0.7)).toBe(true);
    expect(judge("logLoss", 0.4, 0.5)).toBe(true);
    expect(judge("logLoss", 0.5, 0.4)).toBe(false);
    expect(judge("rmse", 9, 10)).toBe(true);
    expect(judge("rmse", 10, 9)).toBe(false);
  });

  test("counts an equal one as at least as good, but for the digits that rounding makes", () => {
    expect(judge("auc", 0.7, 0.7)).toBe(true);
    expect(judge("auc", 0.7, 0.7 + 1e-15)).toBe(true);
    expect(judge("auc", 0.7, 0.7 + 1e-9)).toBe(false);
  });

  test("demands the whole lead", () => {
    expect(judge("auc", 0.72, 0.7, 0.02)).toBe(true);
    expect(judge("auc", 0.719, 0.7, 0.02)).toBe(false);
    expect(judge("logLoss", 0.38, 0.4, 0.02)).toBe(true);
    expect(judge("auc", 0.69, 0.7, -0.02)).toBe(true);
  });

  const [gate] = defaultGates("auc");
  const judgeDefault = (champion: ChampionComparison, metrics = { auc: 0.6 }) => {
    if (gate === undefined) throw new Error("there is a default gate");
    return judgeGate(gate, metrics, champion, 10);
  };

  test("passes without a champion, and says that there is none", () => {
    expect(judgeDefault(none)).toMatchObject({
      passed: true,
      detail: expect.stringContaining("no champion"),
    });
  });

  test("does not pass a metric that could not be measured, champion or not", () => {
    expect(judgeDefault(none, {} as { auc: number }).passed).toBe(false);
  });

  test("compares with what was recorded where the champion cannot be scored, and says so", () => {
    const because = "the holdout has no origin";
    const recorded = { kind: "recorded", version: 3, metrics: { auc: 0.7 }, because } as const;
    expect(judgeDefault(recorded)).toMatchObject({
      passed: false,
      detail: expect.stringContaining(because),
    });
  });

  test("fails where the champion's metric is not known", () => {
    expect(judgeDefault(scored({})).passed).toBe(false);
  });

  test("passes a candidate that solves another task, because there is nothing to compare", () => {
    const because = "it predicts tips";
    expect(judgeDefault({ kind: "incomparable", version: 3, because })).toMatchObject({
      passed: true,
      detail: expect.stringContaining(because),
    });
  });
});

describe("a gate against the champion that wants to be sure", () => {
  const judge = (metric: "auc" | "logLoss", inner: { low: number; high: number } | undefined, by = 0) =>
    judgeGate(
      { metric, beatsChampionBy: by, confidence: 0.95 },
      { [metric]: 0.7 },
      scored({ [metric]: 0.69 }),
      10,
      (_, share) => (Math.abs(share - 0.9) < 1e-9 ? inner : undefined),
    );

  test("asks for the lead in that share of the draws, whichever direction better is", () => {
    expect(judge("auc", { low: 0.001, high: 0.02 }).passed).toBe(true);
    expect(judge("auc", { low: -0.001, high: 0.02 }).passed).toBe(false);
    expect(judge("auc", { low: 0.001, high: 0.02 }, 0.01).passed).toBe(false);
    expect(judge("logLoss", { low: -0.02, high: -0.001 }).passed).toBe(true);
    expect(judge("logLoss", { low: -0.02, high: 0.001 }).passed).toBe(false);
  });

  test("fails where nothing can be shown, and passes without a champion", () => {
    expect(judge("auc", undefined)).toMatchObject({
      passed: false,
      detail: expect.stringContaining("cannot be shown"),
    });
    const gate = { metric: "auc", beatsChampionBy: 0, confidence: 0.95 } as const;
    expect(judgeGate(gate, { auc: 0.7 }, none, 10).passed).toBe(true);
    const recorded = { kind: "recorded", version: 3, metrics: { auc: 0.1 }, because: "gone" } as const;
    expect(judgeGate(gate, { auc: 0.7 }, recorded, 10).passed).toBe(false);
  });
});

test("a model above the size limit fails, one at the limit does not", () => {
  expect(judgeSize(100, 100).passed).toBe(true);
  expect(judgeSize(101, 100).passed).toBe(false);
});

test("failed gates come first, each group in its order", () => {
  const named = (gate: string, passed: boolean) => ({ gate, passed, detail: "-" });
  const sorted = failedFirst([named("a", true), named("b", false), named("c", true), named("d", false)]);
  expect(sorted.map(({ gate }) => gate)).toEqual(["b", "d", "a", "c"]);
});
