import {
  EvaluationFailedV1,
  EvaluationPassedV1,
  ModelVersionPromotedV1,
  TrainingRunCompletedV1,
} from "@cascade/contracts";
import { describe, expect, test } from "vitest";
import type { Champion, EvaluationPlan } from "../domain/plan-evaluation.ts";
import type { Verdict } from "../domain/verdict.ts";
import { evaluateCandidate } from "./evaluate-candidate.ts";

const now = new Date("2026-03-01T12:00:00.000Z");
const given = { now, newId: () => "new-id" };
const plan: EvaluationPlan = {
  evaluationId: "evaluation-1",
  run: TrainingRunCompletedV1.example,
  primaryMetric: "auc",
  gates: [{ metric: "auc", min: 0.6 }],
  maxModelBytes: 1000,
  postponed: 0,
};
const { servable, reference } = ModelVersionPromotedV1.example;
const champion: Champion = { version: 2, servable, metrics: { auc: 0.7 } };
const gates = [{ gate: "auc at least 0.6", passed: true, detail: "auc is 0.71" }];
const verdict: Verdict = { metrics: { auc: 0.71 }, gates, report: reference, reference };
const job = (payload: EvaluationPlan) => ({ jobId: "job-1", pipeline: "flights", payload, attempt: 1 });
const finish = (result: Verdict, payload = plan, known?: Champion) =>
  evaluateCandidate.finish({ ...job(payload), result }, { ...given, champion: known });

describe("a verdict", () => {
  test("with every gate passed is told with all that the registry keeps", () => {
    const { events, ended } = finish(verdict);
    expect(events?.map(({ type }) => type)).toEqual([EvaluationPassedV1.type]);
    expect(EvaluationPassedV1.schema.parse(events?.[0]?.data)).toMatchObject({
      evaluationId: "evaluation-1",
      reference,
      lineage: { trainer: "builtin/gbdt", seed: 1 },
    });
    expect(ended).toMatchObject({ status: "passed", finishedAt: now });
  });

  test("with one gate failed is a failed evaluation that says what to do", () => {
    const failed = [
      { gate: "model of at most 10 bytes", passed: false, detail: "the model has 11" },
      ...gates,
    ];
    const { events, ended } = finish({ ...verdict, gates: failed });
    expect(EvaluationFailedV1.schema.parse(events?.[0]?.data).whatToDo).toContain("maxModelBytes");
    expect(ended?.status).toBe("failed");
  });

  test("without a reference, or without any gate, never passes", () => {
    const { reference: _, ...without } = verdict;
    expect(finish(without).events?.[0]?.type).toBe(EvaluationFailedV1.type);
    expect(finish({ ...verdict, gates: [] }).events?.[0]?.type).toBe(EvaluationFailedV1.type);
  });
});

describe("a champion that was promoted while the evaluation ran", () => {
  test("is the one to beat: nothing is told yet, the candidate is judged again", () => {
    const { events, jobs, ended } = finish(verdict, plan, champion);
    expect(events).toBeUndefined();
    expect(ended).toBeUndefined();
    expect(jobs).toEqual([{ job: "evaluate-candidate", key: "new-id", payload: { ...plan, champion } }]);
  });

  test("and that is the one that was compared changes nothing", () => {
    expect(finish(verdict, { ...plan, champion }, champion).events).toHaveLength(1);
  });
});

describe("an infrastructure that stays away", () => {
  const fail = (postponed: number) =>
    evaluateCandidate.fail(
      { ...job({ ...plan, postponed }), error: new Error("the store is away") },
      { ...given, champion: undefined },
    );

  test("puts the evaluation off by ten minutes and says nothing about the model", () => {
    expect(fail(0)).toEqual({
      jobs: [
        {
          job: "evaluate-candidate",
          key: "new-id",
          payload: { ...plan, postponed: 1 },
          notBefore: new Date("2026-03-01T12:10:00.000Z"),
        },
      ],
    });
  });

  test("has it given up at last", () => {
    expect(fail(100)).toEqual({ ended: { status: "abandoned", finishedAt: now } });
  });
});
