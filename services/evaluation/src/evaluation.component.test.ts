import { readdir } from "node:fs/promises";
import {
  DeadLetterRecordedV1,
  EvaluationFailedV1,
  EvaluationPassedV1,
  mediaTypes,
  TrainingRunCompletedV1,
} from "@cascade/contracts";
import { countAgainst } from "@cascade/tabular";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StoredReference } from "./domain/stored-reference.ts";
import { type EvaluationWorld, features, openEvaluationWorld } from "./testing/evaluation-world.ts";
import { binaryModel, multiclassModel, regressionModel } from "./testing/models.ts";

let world: EvaluationWorld;

beforeAll(async () => {
  world = await openEvaluationWorld();
});

afterAll(() => world?.[Symbol.asyncDispose]());

const passed = (runId: string) =>
  world.evaluation.nextEvent(EvaluationPassedV1, (event) => event.data.runId === runId);
const failed = (runId: string) =>
  world.evaluation.nextEvent(EvaluationFailedV1, (event) => event.data.runId === runId);

describe("a candidate", () => {
  test("of a pipeline without a champion and without gates passes when it answers", async () => {
    await world.apply("first");
    const runId = await world.complete("first", await world.servable(binaryModel("good")));
    const { data } = await passed(runId);
    expect(data.primaryMetric).toBe("auc");
    expect(data.champion).toBeUndefined();
    // 24 of 168 departures are the other way round.
    expect(data.metrics.accuracy).toBeCloseTo(144 / 168, 10);
    expect(data.gates.map(({ gate, passed }) => [gate, passed])).toEqual([
      ["the model answers every holdout row", true],
      ["the model answers as its trainer does", true],
      ["the labels are classes of the model", true],
      ["model of at most 67108864 bytes", true],
      ["auc at least as good as the champion's", true],
    ]);
    expect(data.lineage).toMatchObject({ trainer: TrainingRunCompletedV1.example.trainer, seed: 1 });
  });

  test("leaves a report and a reference that live rows can be counted against", async () => {
    await world.apply("reference");
    const runId = await world.complete("reference", await world.servable(binaryModel("good")));
    const { data } = await passed(runId);
    const reference = await world.store.readJson(data.reference, StoredReference, { maxBytes: 1e6 });
    expect(Object.keys(reference.columns).sort()).toEqual(["hour", "origin", "prediction"]);
    expect(reference.columns.origin).toMatchObject({
      kind: "categorical",
      categories: ["ATL", "ORD", "SFO"],
    });
    const columns = Object.values(reference.columns);
    for (const { shares } of columns) expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    const counts = countAgainst({ rowCount: reference.rowCount, columns }, [
      { hour: 3, origin: "JFK", prediction: 0.1 },
    ]);
    expect(counts.columns.origin).toEqual([0, 0, 0, 1, 0]);
    expect(await world.store.has(data.report.digest)).toBe(true);
  });

  test("that misses a declared gate fails, the missed gate first", async () => {
    await world.apply("strict", [
      { metric: "auc", min: 0.5 },
      { metric: "accuracy", min: 0.99 },
      { metric: "accuracy", min: 0.99, slice: "origin", minRows: 10 },
      { metric: "accuracy", maxGap: 1, between: "hour", minRows: 10 },
    ]);
    const runId = await world.complete("strict", await world.servable(binaryModel("good")));
    const { data } = await failed(runId);
    expect(data.gates.slice(0, 2)).toMatchObject([
      { gate: "accuracy at least 0.99", passed: false },
      { gate: "accuracy at least 0.99, for each origin", passed: false },
    ]);
    expect(data.gates.filter(({ passed }) => !passed)).toHaveLength(2);
    expect(data.whatToDo).not.toBe("");
    const bytes = await world.store.readBytes(data.report, { maxBytes: 1_000_000 });
    const report: unknown = JSON.parse(Buffer.from(bytes).toString());
    expect(report).toMatchObject({
      uncertainty: { draws: 200, intervals: { auc: { low: expect.any(Number) } } },
      slices: {
        origin: ["ATL", "ORD", "SFO"].map((name) => ({ name, rows: 56, metrics: expect.anything() })),
      },
    });
  });
});

describe("against the champion, on the same holdout", () => {
  const withChampion = async (pipeline: string) => {
    await world.apply(pipeline);
    // What it had at its promotion does not count where it can be scored.
    await world.promote(pipeline, 1, await world.servable(binaryModel("good")), { auc: 0.1 });
  };

  test("a worse candidate fails", async () => {
    await withChampion("worse");
    const runId = await world.complete("worse", await world.servable(binaryModel("reversed")));
    const { data } = await failed(runId);
    expect(data.champion?.version).toBe(1);
    expect(data.champion?.metrics.auc).toBeGreaterThan(data.metrics.auc ?? 1);
    expect(data.gates[0]?.gate).toBe("auc at least as good as the champion's");
  });

  test("an equal one passes", async () => {
    await withChampion("equal");
    const runId = await world.complete("equal", await world.servable(binaryModel("good")));
    const { data } = await passed(runId);
    expect(data.champion).toEqual({ version: 1, metrics: data.metrics });
  });

  test("a champion of other features is compared by its recorded metrics, and the gate says so", async () => {
    await world.apply("other");
    const old = [{ name: "minute", sql: "minute(date)", kind: "number" as const }];
    const champion = await world.servable(binaryModel("good", ["minute"]), { features: old });
    await world.promote("other", 1, champion, { auc: 0.99 });
    const runId = await world.complete("other", await world.servable(binaryModel("good")));
    const { data } = await failed(runId);
    expect(data.champion).toEqual({ version: 1, metrics: { auc: 0.99 } });
    expect(data.gates[0]?.detail).toContain("the holdout has no minute");
  });

  test("a champion of another label is no measure", async () => {
    await world.apply("relabelled");
    const champion = await world.servable(binaryModel("good"), { label: "cancelled" });
    await world.promote("relabelled", 1, champion, { auc: 0.99 });
    const runId = await world.complete("relabelled", await world.servable(binaryModel("good")));
    expect((await passed(runId)).data.champion).toBeUndefined();
  });

  test("a champion whose model is lost is compared by its recorded metrics", async () => {
    await world.apply("lost-champion");
    const model = { digest: `sha256:${"1".repeat(64)}`, sizeBytes: 1, mediaType: mediaTypes.onnx };
    const champion = await world.servable(binaryModel("good"), { model });
    await world.promote("lost-champion", 1, champion, { auc: 0.2 });
    const runId = await world.complete("lost-champion", await world.servable(binaryModel("good")));
    expect((await passed(runId)).data.champion).toEqual({ version: 1, metrics: { auc: 0.2 } });
  });
});

test("a rollback makes the older version the champion again, also for a service that was restarted", async () => {
  await world.apply("rolled-back");
  await world.promote("rolled-back", 1, await world.servable(binaryModel("reversed")), {});
  await world.promote("rolled-back", 2, await world.servable(binaryModel("good")), {});
  await world.promote("rolled-back", 1, await world.servable(binaryModel("reversed")), {}, 2);
  await world.restart();
  const runId = await world.complete("rolled-back", await world.servable(binaryModel("reversed")));
  expect((await passed(runId)).data.champion?.version).toBe(1);
});

test("a rollback that overtakes the promotion it takes back waits for it", async () => {
  await world.apply("overtaken");
  await world.promote("overtaken", 1, await world.servable(binaryModel("reversed")), {});
  const early = world.promote("overtaken", 1, await world.servable(binaryModel("reversed")), {}, 2);
  await world.promote("overtaken", 2, await world.servable(binaryModel("good")), {});
  await early;
  const runId = await world.complete("overtaken", await world.servable(binaryModel("reversed")));
  expect((await passed(runId)).data.champion?.version).toBe(1);
});

describe("a model that is not usable", () => {
  test.each([
    ["nan", /row 0: probability NaN/],
    ["hungry", /memory/],
    ["slow", /not done after 6000 ms/],
  ] as const)("%s fails at the first gate, and nothing is measured", async (kind, detail) => {
    await world.apply(kind);
    const runId = await world.complete(kind, await world.servable(binaryModel(kind)));
    const { data } = await failed(runId);
    expect(data.gates[0]).toMatchObject({ gate: "the model answers every holdout row", passed: false });
    expect(data.gates[0]?.detail).toMatch(detail);
    expect(data.metrics).toEqual({});
    expect(data.gates.at(-1)?.passed).toBe(true);
  });

  test("no model at all", async () => {
    await world.apply("text");
    const runId = await world.complete("text", await world.servable(Buffer.from("weights: 1, 2")));
    expect((await failed(runId)).data.gates[0]?.detail).toContain("not an ONNX model");
  });

  test("answers otherwise than its trainer", async () => {
    await world.apply("parity");
    const samples = { rows: [{ hour: 23, origin: "ATL" }], predictions: [[0.5, 0.5]] };
    const samplePredictions = await world.store.putJson(samples);
    const candidate = await world.servable(binaryModel("good"));
    const runId = await world.complete("parity", candidate, { samplePredictions });
    expect((await failed(runId)).data.gates[0]?.gate).toBe("the model answers as its trainer does");
  });

  test("has classes that are not those of the labels", async () => {
    await world.apply("classes");
    const candidate = await world.servable(binaryModel("good"), { classes: ["on time", "late"] });
    const { data } = await failed(await world.complete("classes", candidate));
    const gate = data.gates.find(({ gate }) => gate === "the labels are classes of the model");
    expect(gate).toMatchObject({ passed: false });
  });

  test("is lost", async () => {
    await world.apply("lost");
    const model = { digest: `sha256:${"2".repeat(64)}`, sizeBytes: 1, mediaType: mediaTypes.onnx };
    const candidate = await world.servable(binaryModel("good"), { model });
    const { data } = await failed(await world.complete("lost", candidate));
    expect(data.gates).toEqual([
      {
        gate: "the holdout and the model can be read",
        passed: false,
        detail: expect.stringContaining("is not in the store"),
      },
    ]);
    expect(data.whatToDo).toContain("artifact store");
  });

  test("has a holdout without rows", async () => {
    await world.apply("no-rows");
    const holdout = await world.holdout([], "boolean");
    const candidate = await world.servable(binaryModel("good"));
    const runId = await world.complete("no-rows", candidate, {
      trainingSet: { ...world.trainingSet, holdout },
    });
    expect((await failed(runId)).data.gates[0]?.detail).toBe("the holdout has no rows");
  });
});

describe("other tasks", () => {
  const rows = Array.from({ length: 30 }, (_, index) => ({ hour: index % 24, origin: "ATL", index }));
  const hour = features.slice(0, 1);

  test("a regression is measured by its error", async () => {
    const holdout = await world.holdout(
      rows.map((row) => ({ ...row, delayed: row.hour * 2 + (row.index % 2 === 0 ? 1 : -1) })),
      "number",
    );
    await world.apply("regression", [{ metric: "rmse", max: 1.1 }], { training: { task: "regression" } });
    const { classes: _, ...servable } = await world.servable(regressionModel(), {
      task: "regression",
      features: hour,
    });
    const trainingSet = { ...world.trainingSet, holdout, features: hour };
    const runId = await world.complete("regression", servable, { trainingSet });
    const { data } = await passed(runId);
    expect(data.primaryMetric).toBe("rmse");
    expect(data.metrics).toMatchObject({ rmse: 1, mae: 1 });
  });

  test("several classes are measured by accuracy, and the reference knows their names", async () => {
    const names = ["early", "on time", "late"];
    const holdout = await world.holdout(
      rows.map((row) => ({ ...row, delayed: names[row.index % 3] ?? null })),
      "string",
    );
    await world.apply("several", [{ metric: "accuracy", min: 0.3 }], { training: { task: "multiclass" } });
    const candidate = await world.servable(multiclassModel(), {
      task: "multiclass",
      classes: names,
      features: hour,
    });
    const trainingSet = { ...world.trainingSet, holdout, features: hour };
    const { data } = await passed(await world.complete("several", candidate, { trainingSet }));
    expect(data.metrics.accuracy).toBeCloseTo(1 / 3, 10);
    const reference = await world.store.readJson(data.reference, StoredReference, { maxBytes: 1e6 });
    expect(reference.columns.prediction).toMatchObject({ kind: "categorical", categories: ["late"] });
  });
});

test("a run of an unknown pipeline is set aside, and the reason says what to do", async () => {
  await world.complete("nobody", await world.servable(binaryModel("good")));
  const { data } = await world.evaluation.nextEvent(
    DeadLetterRecordedV1,
    (event) => event.pipeline === "nobody",
  );
  expect(data.error).toMatchObject({
    code: "PIPELINE_UNKNOWN",
    message: expect.stringContaining("cascade apply"),
  });
});

test("a restart in the middle loses nothing and judges once", async () => {
  await world.apply("restarted");
  const runId = await world.complete("restarted", await world.servable(binaryModel("good")));
  await world.restart();
  await passed(runId);
  const verdicts = world.evaluation
    .seen()
    .filter(({ envelope, data }) => isOfRun(data, runId) && envelope.type.startsWith("cascade.evaluation."));
  expect(verdicts).toHaveLength(1);
});

test("nothing is left in the work directory but the folder of the running process", async () => {
  await expect.poll(() => readdir(world.workDirectory)).toEqual([expect.stringMatching(/^work-/)]);
});

function isOfRun(data: unknown, runId: string): boolean {
  return typeof data === "object" && data !== null && "runId" in data && data.runId === runId;
}
