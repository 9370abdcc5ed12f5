import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  QualityDegradedV1,
  ScheduleFiredV1,
  TrainerCodeChangedV1,
  TrainingRunCompletedV1,
  TrainingRunRequestedV1,
  TrainingRunStartedV1,
} from "@cascade/contracts";
import { eventually } from "@cascade/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { conversation, linear, triggers } from "./testing/conversation.ts";
import { openTrainingWorld, type TrainingWorld } from "./testing/training-world.ts";

let world: TrainingWorld;
const { completed, drift, request, suppressed } = conversation(() => world.training);

beforeAll(async () => {
  world = await openTrainingWorld();
});

afterAll(() => world?.[Symbol.asyncDispose]());

describe("new data", () => {
  test("are trained on by the built-in learner, and everything a repetition needs is told", async () => {
    await world.apply("fresh", linear);
    const eventId = await world.materialize("fresh", 250);
    const { data } = await completed("fresh");
    expect(data).toMatchObject({
      trigger: { kind: "new-data", eventId, reason: "250 new rows" },
      trainer: "builtin/linear",
      seed: 1,
      candidate: { task: "binary", label: "delayed", classes: ["false", "true"] },
      trainingSet: { holdout: world.trainingSet.holdout },
      codeDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
    expect(data.metrics.auc).toBeGreaterThan(0.8);
    expect(await world.store.has(data.candidate.model.digest)).toBe(true);
    expect(await world.store.has(data.samplePredictions?.digest ?? "")).toBe(true);
    const { data: started } = await world.training.nextEvent(
      TrainingRunStartedV1,
      (event) => event.data.runId === data.runId,
    );
    expect(started).toMatchObject({ attempt: 1, rowCounts: { train: 200 } });
  });

  test("that arrive before their pipeline start a run once it is applied", async () => {
    await world.materialize("hasty", 250);
    await suppressed("hasty", "NO_PIPELINE");
    await world.apply("hasty", linear);
    expect((await completed("hasty")).data.trigger.kind).toBe("new-data");
  });

  test("during the cooldown wait for its end, and a timer starts their run", async () => {
    await world.apply("cool", {
      ...linear,
      triggers: triggers({ newData: { minRows: 1 }, cooldownSeconds: 1 }),
    });
    await world.materialize("cool", 250);
    const first = await completed("cool");
    await world.materialize("cool", 10);
    expect((await suppressed("cool", "COOLDOWN")).data.pending).toBe(true);
    const { data } = await world.training.nextEvent(
      TrainingRunCompletedV1,
      (event) => event.pipeline === "cool" && event.data.runId !== first.data.runId,
    );
    expect(data.trigger.reason).toBe("10 new rows");
  });
});

describe("a schedule", () => {
  test("fires once for all due times that passed while no replica ran, and only one of two tells it", async () => {
    const schedule = { cron: "0 0 1 1 *", timeZone: "UTC", minNewRows: 0 };
    await world.apply("yearly", { ...linear, triggers: triggers({ schedule }) });
    await world.materialize("yearly", 0);
    await suppressed("yearly", "TRIGGER_OFF");
    await world.training.restart();
    await world.training.addReplica();
    // As if nothing had run for three years.
    const year = new Date().getUTCFullYear();
    const rows = await world.query(
      `update jobs set not_before = now(), payload = jsonb_set(payload, '{dueAt}', to_jsonb($1::text))
       where name = 'fire-schedule' and pipeline = 'yearly' and status = 'queued' returning not_before`,
      [new Date(Date.UTC(year - 3, 0, 1)).toISOString()],
    );
    expect(rows.length).toBe(1);
    const fired = await world.training.nextEvent(ScheduleFiredV1, ({ pipeline }) => pipeline === "yearly");
    expect(fired.data).toEqual({
      cron: schedule.cron,
      timeZone: "UTC",
      dueAt: new Date(Date.UTC(year, 0, 1)).toISOString(),
      missed: 3,
    });
    expect(fired.correlationId).toBe(fired.id);
    const { data, causationId } = await completed("yearly", "schedule");
    expect(causationId).toBe(fired.id);
    expect(data.trigger.reason).toContain("3 due time(s) before that passed");
    const timers = await world.query(
      `select not_before from jobs where name = 'fire-schedule' and pipeline = 'yearly' and status = 'queued'`,
    );
    expect(timers).toEqual([{ not_before: new Date(Date.UTC(year + 1, 0, 1)) }]);
    expect(
      world.training.seen().filter(({ envelope }) => envelope.type === ScheduleFiredV1.type).length,
    ).toBe(1);
  });
});

describe("a training program that changes", () => {
  test("trains once it is there twice, and at once where a person applies the pipeline again", async () => {
    const directory = await world.trainer("coded", "process.exit(1)");
    const policy = triggers({ codeChange: { everySeconds: 1 } });
    const training = { trainer: { command: [process.execPath, "train.mjs"], directory }, triggers: policy };
    await world.apply("coded", training);
    await world.materialize("coded", 0);
    await suppressed("coded", "TRIGGER_OFF");
    await eventually(async () => (await world.query("select from code_looks")).length === 1, {
      describe: "the program to be looked at",
    });
    const change = (code: string) => writeFile(join(world.trainersDirectory, directory, "train.mjs"), code);
    const changed = (not: string) =>
      world.training.nextEvent(
        TrainerCodeChangedV1,
        ({ pipeline, data }) => pipeline === "coded" && data.codeDigest !== not,
      );
    await change("process.exit(2)");
    const first = await changed("");
    const { data } = await world.training.nextEvent(
      TrainingRunRequestedV1,
      ({ causationId }) => causationId === first.id,
    );
    expect(data.trigger).toMatchObject({ kind: "code-change", eventId: first.id });

    const asked = { ...training, triggers: triggers({ codeChange: {} }) };
    await world.apply("coded", asked, 2, false);
    await change("process.exit(3)");
    await world.apply("coded", asked, 2, false);
    const second = await changed(first.data.codeDigest);
    expect(second.data.previousDigest).toBe(first.data.codeDigest);
  });
});

describe("drift and quality", () => {
  test("a drift trains at once on rows that no run has seen", async () => {
    await world.apply("drifting", { ...linear, triggers: triggers({}) });
    await world.materialize("drifting", 250);
    await suppressed("drifting", "TRIGGER_OFF");
    const eventId = await drift("drifting");
    const { data, causationId } = await completed("drifting");
    expect(data.trigger).toMatchObject({ kind: "drift", eventId });
    expect(causationId).toBe(eventId);
  });

  test("without new rows they wait for the next batch", async () => {
    await world.apply("waiting", { ...linear, triggers: triggers({}) });
    await world.materialize("waiting", 0);
    await suppressed("waiting", "TRIGGER_OFF");
    const eventId = await world.training.publish(
      QualityDegradedV1.create("waiting", QualityDegradedV1.example),
    );
    expect((await suppressed("waiting", "TOO_FEW_NEW_ROWS")).data.pending).toBe(true);
    await world.materialize("waiting", 1);
    expect((await completed("waiting")).data.trigger).toMatchObject({ kind: "quality-drop", eventId });
  });
});

describe("the read side", () => {
  const ask = async (path: string, question?: object) => {
    const answer = await fetch(`${world.training.running.url}/v1/triggers/${path}`, {
      ...(question === undefined ? {} : { method: "POST", body: JSON.stringify(question) }),
      headers: { "content-type": "application/json" },
    });
    return { status: answer.status, body: await answer.json() };
  };

  test("explains what waits and what was decided, and simulates without an effect", async () => {
    await world.apply("explained", { ...linear, triggers: triggers({ drift: { minNewRows: 5 } }) });
    await world.materialize("explained", 3);
    await suppressed("explained", "TRIGGER_OFF");
    const eventId = await drift("explained");
    await suppressed("explained", "TOO_FEW_NEW_ROWS");
    const waiting = {
      trigger: { kind: "drift", eventId },
      reason: "TOO_FEW_NEW_ROWS",
      message: "3 new rows since the last run, 5 needed",
    };
    const explained = {
      status: 200,
      body: {
        version: 1,
        newRows: 3,
        runs: { max: 8 },
        waiting,
        // Where the batch overtook its pipeline, that was an answer before these.
        decisions: expect.arrayContaining([
          expect.objectContaining({ reason: "TOO_FEW_NEW_ROWS", pending: true }),
          expect.objectContaining({ reason: "TRIGGER_OFF", pending: false }),
        ]),
      },
    };
    expect(await ask("explained")).toMatchObject(explained);
    const question = { event: "feature-view.materialized", newRows: 2 };
    expect(await ask("explained/simulate", question)).toMatchObject({
      status: 200,
      body: {
        answers: [{ outcome: "started", trigger: { kind: "drift", eventId }, newRows: 5 }],
        waiting: null,
      },
    });
    expect(await ask("explained")).toMatchObject(explained);
  });

  test("says what is wrong with a question", async () => {
    expect(await ask("nowhere")).toMatchObject({ status: 404, body: { code: "PIPELINE_UNKNOWN" } });
    const wrong = (question: object) => ask("explained/simulate", question);
    expect(await wrong({ event: "banana" })).toMatchObject({ status: 400, body: { code: "EVENT_UNKNOWN" } });
    expect(await wrong({ event: "drift.detected", data: { columns: [] } })).toMatchObject({
      status: 400,
      body: { code: "REQUEST_INVALID", detail: expect.stringContaining("windowId") },
    });
    expect(await wrong({ event: "drift.detected", newRows: -1 })).toMatchObject({ status: 400 });
  });
});

describe("requests by people", () => {
  test("train without new rows", async () => {
    await world.apply("asked", { ...linear, triggers: triggers({}) });
    await world.materialize("asked", 0);
    await request("asked");
    expect((await completed("asked")).data.trigger.reason).toContain("ada");
  });

  test("wait for the first training set", async () => {
    await world.apply("empty", { ...linear, triggers: triggers({}) });
    await request("empty");
    expect((await suppressed("empty", "NO_TRAINING_SET")).data.pending).toBe(true);
    await world.materialize("empty", 0);
    expect((await completed("empty")).data.trigger.kind).toBe("request");
  });

  test("for a pipeline that nobody applied are answered", async () => {
    await request("nobody");
    expect((await suppressed("nobody", "NO_PIPELINE")).data).toMatchObject({
      pending: true,
      message: expect.stringContaining("cascade apply"),
    });
  });
});

describe("a changed pipeline", () => {
  test("waits for its own training set; an older version that comes late is ignored", async () => {
    await world.apply("changing", { ...linear, triggers: triggers({}) });
    await world.materialize("changing", 0);
    await suppressed("changing", "TRIGGER_OFF");
    await world.apply("changing", { ...linear, seed: 5, triggers: triggers({}) }, 3);
    await suppressed("changing", "NO_TRAINING_SET");
    await world.materialize("changing", 0);
    expect((await completed("changing", "pipeline-change")).data.seed).toBe(5);
    await world.apply("changing", { ...linear, seed: 4, triggers: triggers({}) }, 2);
    await request("changing");
    expect((await completed("changing", "request")).data.seed).toBe(5);
  });
});
