import { describe, expect, test } from "vitest";
import { given, noon, pipeline, ready, trainingSet, trigger } from "../testing/fixtures.ts";
import { applyPipeline, withRunEnded, withSnapshot } from "./change-state.ts";
import { type Answer, consider, reconsider } from "./consider.ts";
import { planRun } from "./plan-run.ts";
import { emptyTriggerState } from "./trigger-state.ts";

const kinds = (answers: readonly Answer[]) =>
  answers.map((answer) => (answer.kind === "started" ? `${answer.trigger.kind} started` : answer.reason));

describe("a new training set", () => {
  test("becomes the newest, and its rows are new", () => {
    const state = withSnapshot(ready(), { snapshotId: "snapshot-2", trainingSet }, 50, noon);
    expect(state).toMatchObject({ newRows: 150, snapshot: { snapshotId: "snapshot-2" } });
  });

  test("that arrives after a newer one only brings its rows", () => {
    const state = withSnapshot(ready(), { snapshotId: "snapshot-0", trainingSet }, 50, noon);
    expect(state).toMatchObject({ newRows: 150, snapshot: { snapshotId: "snapshot-1" } });
  });
});

describe("the end of a run", () => {
  const started = consider(ready(), trigger("drift"), given()).state;
  const run = planRun(ready(), trigger("drift"), started.runningRunId ?? "");

  test("makes room and starts the cooldown", () => {
    const state = withRunEnded({ ...started, newRows: 7 }, run, "completed", noon);
    expect(state).toMatchObject({
      runningRunId: undefined,
      newRows: 7,
      lastFinishedAt: noon,
      cooldownFrom: noon,
    });
  });

  test("starts no cooldown where a person had asked", () => {
    const asked = { ...run, trigger: trigger("request") };
    expect(withRunEnded(started, asked, "completed", noon).cooldownFrom).toBeUndefined();
  });

  test("that failed gives its rows back", () => {
    expect(withRunEnded({ ...started, newRows: 7 }, run, "failed", noon).newRows).toBe(107);
  });

  test("that is not the one in progress changes nothing about that", () => {
    const state = withRunEnded({ ...started, runningRunId: "another" }, run, "completed", noon);
    expect(state.runningRunId).toBe("another");
  });

  test("is the turn of a request that waited, cooldown or not", () => {
    const { state } = consider(started, trigger("request"), given());
    const ended = withRunEnded(state, run, "completed", noon);
    expect(kinds(reconsider(ended, given()).answers)).toEqual(["request started"]);
  });

  test("puts an event that waited into the cooldown", () => {
    const { state } = consider({ ...started, newRows: 5 }, trigger("drift"), given());
    const next = reconsider(withRunEnded(state, run, "completed", noon), given());
    expect(kinds(next.answers)).toEqual(["COOLDOWN"]);
    expect(next.timer?.at).toEqual(new Date("2026-03-01T12:01:00.000Z"));
  });
});

describe("a pipeline that is applied", () => {
  // Ids are UUIDv7 in the system: what is younger sorts later.
  const change = { modelChanged: true, eventId: "snapshot-1-then-applied" };
  const newFeatures = { ...pipeline({}, 2), features: { hour: "hour(date)" } };

  test("for the first time has nothing that could be outdated", () => {
    const { answers, state } = applyPipeline(emptyTriggerState, pipeline(), change, given());
    expect(answers).toEqual([]);
    expect(state.wish).toBeUndefined();
  });

  test("after its first data lets them start their run", () => {
    const early = consider(ready({ pipeline: undefined }), trigger("new-data"), given());
    expect(kinds(early.answers)).toEqual(["NO_PIPELINE"]);
    expect(kinds(applyPipeline(early.state, pipeline(), change, given()).answers)).toEqual([
      "new-data started",
    ]);
  });

  test("with other features does not train on the old view, but on the first new one", () => {
    const applied = applyPipeline(ready(), newFeatures, change, given());
    expect(kinds(applied.answers)).toEqual(["NO_TRAINING_SET"]);
    const features = trainingSet.features.slice(0, 1);
    const snapshot = { snapshotId: "snapshot-2", trainingSet: { ...trainingSet, features } };
    const next = reconsider(withSnapshot(applied.state, snapshot, 0, noon), given());
    expect(kinds(next.answers)).toEqual(["pipeline-change started"]);
  });

  test("whose new view has overtaken it trains at once", () => {
    const features = trainingSet.features.slice(0, 1);
    const state = ready({
      snapshot: { snapshotId: "snapshot-2", trainingSet: { ...trainingSet, features } },
    });
    expect(kinds(applyPipeline(state, newFeatures, change, given()).answers)).toEqual([
      "pipeline-change started",
    ]);
  });

  test("with another split waits for the training set that is split so", () => {
    const split = { train: 0.5, validation: 0.25, holdout: 0.25 };
    const next = { ...pipeline({}, 2), training: { ...pipeline().training, split } };
    const applied = applyPipeline(ready(), next, change, given());
    expect(kinds(applied.answers)).toEqual(["NO_TRAINING_SET"]);
    const renewed = withSnapshot(applied.state, { snapshotId: "snapshot-2", trainingSet }, 0, noon);
    expect(kinds(reconsider(renewed, given()).answers)).toEqual(["pipeline-change started"]);
  });

  test("with another split, overtaken by the training set that is split so, trains at once", () => {
    const next = { ...pipeline({}, 2), training: { ...pipeline().training, seed: 9 } };
    const state = ready({ snapshot: { snapshotId: "snapshot-2", trainingSet } });
    expect(kinds(applyPipeline(state, next, change, given()).answers)).toEqual(["pipeline-change started"]);
  });

  test("whose predecessor never arrived is compared with the version that is known", () => {
    const parameters = { leaves: 63 };
    const next = { ...pipeline({}, 3), training: { ...pipeline().training, parameters } };
    const { answers } = applyPipeline(ready(), next, { ...change, modelChanged: false }, given());
    expect(kinds(answers)).toEqual(["pipeline-change started"]);
  });

  test("with other parameters trains at once on the view that is there", () => {
    expect(kinds(applyPipeline(ready(), pipeline({}, 2), change, given()).answers)).toEqual([
      "pipeline-change started",
    ]);
  });

  test("without a change of the model starts nothing", () => {
    const { answers } = applyPipeline(ready(), pipeline({}, 2), { ...change, modelChanged: false }, given());
    expect(answers).toEqual([]);
  });

  test("that turns a trigger off ends the wish that waited for it", () => {
    const { state } = consider(ready({ newRows: 0 }), trigger("drift"), given());
    const off = applyPipeline(
      state,
      pipeline({ drift: null }, 2),
      { ...change, modelChanged: false },
      given(),
    );
    expect(kinds(off.answers)).toEqual(["TRIGGER_OFF"]);
    expect(off.state.wish).toBeUndefined();
  });
});
