import { describe, expect, test } from "vitest";
import { ready, trigger } from "../testing/fixtures.ts";
import { planRun } from "./plan-run.ts";
import { decideReproduction, differencesOf, type MadeByRun } from "./reproduce-run.ts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const made: MadeByRun = {
  model: { digest: digest("1"), sizeBytes: 1, mediaType: "application/onnx" },
  parameters: { rounds: 7 },
  metrics: { auc: 0.7, logLoss: 0.5 },
  codeDigest: digest("2"),
};
const plan = {
  ...planRun(ready(), trigger("request"), "run-1"),
  search: { method: "tpe", space: {}, trials: 9, parallel: 1 } as const,
};

describe("a run that is to be repeated", () => {
  test("is repeated with the parameters that its model was made with, without a search", () => {
    const decision = decideReproduction("run-1", "rides", "ada", { status: "completed", plan, made });
    expect(decision).toMatchObject({ kind: "repeat", reproduction: { plan: { parameters: { rounds: 7 } } } });
    expect(decision.kind === "repeat" && decision.reproduction.plan.search).toBeUndefined();
  });

  test.each([
    ["nobody knows", undefined, "RUN_UNKNOWN"],
    ["has failed", { status: "failed", plan, made: undefined }, "RUN_WITHOUT_MODEL"],
    ["is older than what is kept", { status: "completed", plan: undefined, made: undefined }, "RUN_NOT_KEPT"],
  ])("that %s is refused", (_, run, code) => {
    expect(decideReproduction("run-1", "rides", "ada", run)).toMatchObject({ problem: { code } });
  });
});

test("what is the same has no differences; what is not is named with both values", () => {
  expect(differencesOf(made, structuredClone(made))).toEqual([]);
  const other = {
    ...made,
    model: { ...made.model, digest: digest("3") },
    codeDigest: digest("4"),
    metrics: { auc: 0.71, brier: 0.1, logLoss: 0.5 },
  };
  expect(differencesOf(made, other)).toEqual([
    `the program is ${digest("4")} and was ${digest("2")}`,
    "auc is 0.71 and was 0.7",
    "brier is 0.1 and was missing",
    `the model is ${digest("3")} and was ${digest("1")}`,
  ]);
});
