import {
  DriftDetectedV1,
  FeatureViewMaterializedV1,
  PipelineAppliedV1,
  RebuildRequestedV1,
  ScheduleFiredV1,
} from "@cascade/contracts";
import { expect, test } from "vitest";
import { given, noon, pipeline, ready } from "../testing/fixtures.ts";
import type { Answer } from "./consider.ts";
import { explainWish } from "./explain.ts";
import { simulate } from "./simulate.ts";
import { emptyTriggerState } from "./trigger-state.ts";

const eventId = "supposed";
const said = (answers: readonly Answer[] | undefined) =>
  answers?.map((answer) =>
    answer.kind === "started"
      ? `${answer.trigger.kind} started on ${answer.run.newRows} rows`
      : `${answer.trigger.kind} ${answer.reason}`,
  );

test("an event by its name alone, and one with its data, are decided as they would be", () => {
  const bare = simulate(DriftDetectedV1, ready(), { eventId }, given());
  expect(said(bare?.answers)).toEqual(["drift started on 100 rows"]);
  const data = DriftDetectedV1.example;
  const [answer] = simulate(DriftDetectedV1, ready(), { eventId, data }, given())?.answers ?? [];
  expect(answer?.trigger.reason).toContain("hour (psi 0.31)");
});

test("new data bring as many rows as are supposed", () => {
  const state = ready({ newRows: 0, pipeline: pipeline({ newData: { minRows: 50 } }) });
  const after = (newRows: number) =>
    said(simulate(FeatureViewMaterializedV1, state, { eventId, newRows }, given())?.answers);
  expect(after(49)).toEqual(["new-data TOO_FEW_NEW_ROWS"]);
  expect(after(50)).toEqual(["new-data started on 50 rows"]);
});

test("the first training set of a pipeline is supposed to be the one that it declares", () => {
  const state = { ...emptyTriggerState, pipeline: pipeline() };
  const { answers } = simulate(FeatureViewMaterializedV1, state, { eventId, newRows: 5 }, given()) ?? {};
  expect(said(answers)).toEqual(["new-data started on 5 rows"]);
});

test("a version of a pipeline is compared with the one in force", () => {
  const { spec, ...sample } = PipelineAppliedV1.example;
  const data = { ...sample, modelChanged: false, spec: { ...spec, training: { ...spec.training, seed: 7 } } };
  const { answers } = simulate(PipelineAppliedV1, ready(), { eventId, data }, given()) ?? {};
  expect(said(answers)).toEqual(["pipeline-change NO_TRAINING_SET"]);
});

test("what would wait is told with what it would wait for, as of that moment", () => {
  const state = ready({
    pipeline: pipeline({ schedule: { cron: "0 12 * * *", timeZone: "UTC", minNewRows: 0 } }),
    cooldownFrom: noon,
  });
  const { state: after } = simulate(ScheduleFiredV1, state, { eventId }, given()) ?? { state };
  expect(explainWish(after, noon)).toMatchObject({
    reason: "COOLDOWN",
    until: new Date("2026-03-01T12:01:00.000Z"),
  });
  expect(explainWish(after, new Date("2026-03-01T12:01:00.000Z"))?.message).toContain("about to start");
});

test("an event that training decides nothing on has no answer", () => {
  expect(simulate(RebuildRequestedV1, ready(), { eventId }, given())).toBeUndefined();
});
