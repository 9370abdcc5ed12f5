import { readdir } from "node:fs/promises";
import {
  AlertRaisedV1,
  AlertResolvedV1,
  DeadLetterRecordedV1,
  DriftDetectedV1,
  FeedbackCollectedV1,
  QualityDegradedV1,
  QualityWindowClosedV1,
  RolloutCompletedV1,
  WindowClosedV1,
} from "@cascade/contracts";
import { openTabular } from "@cascade/tabular";
import { eventually, temporaryDirectory } from "@cascade/testing";
import { expect, test } from "vitest";
import { predictions, seeded } from "./testing/predictions.ts";
import { pipeline, startMonitoring } from "./testing/start-monitoring.ts";

test("drift is detected, linked to the promotion, alerted once, and resolved by a quiet window", async () => {
  await using t = await startMonitoring();
  const random = seeded(1);
  await t.apply({ window: { predictions: 200 } });
  const promotion = await t.promote(1);
  await t.log(predictions(random, { from: 0, count: 200 }));
  const quiet = await t.monitoring.nextEvent(WindowClosedV1);
  expect(quiet.data).toMatchObject({ version: 1, predictions: 200, drifted: false });
  expect(quiet.data.columns.map(({ column }) => column).sort()).toEqual(["hour", "origin", "prediction"]);

  await t.log(predictions(random, { from: 200, count: 400, shift: 0.5 }));
  const drift = await t.monitoring.nextEvent(DriftDetectedV1);
  expect(drift.data).toMatchObject({
    version: 1,
    predictions: 200,
    columns: [{ column: "hour", drifted: true }],
  });
  expect(drift.correlationId).toBe(drift.id);
  const stored = t.monitoring.seen().find(({ envelope }) => envelope.id === drift.id);
  expect(stored?.envelope.linkedcascade).toBe(promotion);
  const raised = await t.monitoring.nextEvent(AlertRaisedV1);

  await t.log(predictions(random, { from: 600, count: 200 }));
  const resolved = await t.monitoring.nextEvent(AlertResolvedV1);
  expect(resolved.data.alertId).toBe(raised.data.alertId);
  const types = t.monitoring.seen().map(({ envelope }) => envelope.type);
  expect(types.filter((type) => type === DriftDetectedV1.type)).toHaveLength(2);
  expect(types.filter((type) => type === AlertRaisedV1.type)).toHaveLength(1);
});

test("each prediction is counted once, whatever is published again and in which event", async () => {
  await using t = await startMonitoring();
  await t.apply({ window: { predictions: 100 } });
  await t.promote(1);
  const all = predictions(seeded(2), { from: 0, count: 130 });
  await t.log([...all.slice(0, 60), ...all.slice(0, 10)], 3);
  await t.log(all.slice(40, 90));
  await t.log(all.slice(60, 130));
  await t.monitoring.nextEvent(WindowClosedV1, ({ data }) => data.predictions === 100);
  const tally = await eventually(
    async () => ((await t.read()).tally?.predictions === 130 ? t.read() : undefined),
    {
      describe: "130 predictions to be counted",
    },
  );
  expect(tally).toMatchObject({ openWindows: [{ version: 1, predictions: 30 }], tally: { dropped: 3 } });
});

test("predictions of a version whose promotion comes later are counted once it is there", async () => {
  await using t = await startMonitoring({ CASCADE_ATTEMPTS_MAX: "100", CASCADE_RETRY_MAX_MS: "50" });
  await t.log(predictions(seeded(3), { from: 0, count: 100 }));
  await t.apply({ window: { predictions: 100 } });
  await t.promote(1);
  const closed = await t.monitoring.nextEvent(WindowClosedV1);
  expect(closed.data.predictions).toBe(100);
});

test("predictions of a version that is never promoted become a dead letter that says what to do", async () => {
  await using t = await startMonitoring({ CASCADE_ATTEMPTS_MAX: "2" });
  await t.apply();
  await t.log(predictions(seeded(3), { from: 0, count: 10, version: 9 }));
  const dead = await t.monitoring.nextEvent(DeadLetterRecordedV1);
  expect(JSON.stringify(dead.data)).toContain("Redrive this dead letter");
});

test("only the version that takes the traffic raises drift; the one before it is measured without", async () => {
  await using t = await startMonitoring();
  await t.apply({ window: { predictions: 200 } });
  await t.promote(1);
  await t.promote(2, { previousVersion: 1 });
  await t.monitoring.publish(
    RolloutCompletedV1.create(pipeline, {
      rolloutId: "r2",
      version: 2,
      replicas: ["serving-1"],
      durationMs: 1,
    }),
  );
  await eventually(async () => (await t.read()).version === 2, { describe: "the rollout to be noted" });
  await t.log(predictions(seeded(4), { from: 0, count: 200, version: 1, shift: 0.5 }));
  await t.monitoring.nextEvent(WindowClosedV1, ({ data }) => data.version === 1 && data.drifted);
  await t.log(predictions(seeded(5), { from: 500, count: 200, version: 2, shift: 0.5 }));
  const drift = await t.monitoring.nextEvent(DriftDetectedV1);
  expect(drift.data.version).toBe(2);

  // A rollback promotes the version before; no rollout follows it.
  await t.promote(1, { previousVersion: 2 });
  await eventually(async () => (await t.read()).version === 1, { describe: "version 1 to serve again" });
});

test("labels join in any order, are measured with what was expected, and a drop is told once measured", async () => {
  await using t = await startMonitoring();
  await t.apply({
    window: { predictions: 1000 },
    quality: { metric: "auc", maxDrop: 0.05, minLabels: 100 },
  });
  const promotion = await t.promote(1);
  const all = predictions(seeded(6), { from: 0, count: 200 });
  const labels = all.map(({ id, output }) => ({
    predictionId: id,
    label: Array.isArray(output) && (output[1] ?? 0) > 0.5,
  }));

  // The first half comes before its predictions.
  await t.label(labels.slice(0, 50));
  await eventually(async () => (await t.read()).tally?.labelsEarly === 50, { describe: "labels to wait" });
  await t.log(all);
  await eventually(async () => (await t.read()).tally?.labelsJoined === 50, {
    describe: "early labels to be joined",
  });
  await t.label(labels.slice(40, 100));
  const good = await t.monitoring.nextEvent(QualityWindowClosedV1);
  expect(good.data).toMatchObject({ version: 1, labels: 100, metrics: { auc: 1 }, expected: { auc: 0.9 } });

  await t.label(labels.slice(100).map(({ predictionId, label }) => ({ predictionId, label: !label })));
  const degraded = await t.monitoring.nextEvent(QualityDegradedV1);
  expect(degraded.data).toMatchObject({
    metric: "auc",
    expected: 0.9,
    measured: 0,
    maxDrop: 0.05,
    labels: 100,
  });
  const stored = t.monitoring.seen().find(({ envelope }) => envelope.id === degraded.id);
  expect(stored?.envelope.linkedcascade).toBe(promotion);
  const raised = await t.monitoring.nextEvent(AlertRaisedV1);
  expect(raised.data).toMatchObject({ kind: "quality", severity: "critical" });

  await t.label([
    { predictionId: "p0", label: labels[0]?.label === true },
    { predictionId: "p1", label: labels[1]?.label !== true },
  ]);
  const tally = await eventually(
    async () => ((await t.read()).tally.labelsConflicting === 1 ? (await t.read()).tally : undefined),
    {
      describe: "the conflict to be counted",
    },
  );
  expect(tally).toMatchObject({ labelsJoined: 200, labelsRepeated: 11, labelsConflicting: 1 });
});

test("labelled predictions with input become data once, in batches; those without input never", async () => {
  await using t = await startMonitoring();
  await using folder = await temporaryDirectory();
  await t.apply({ feedback: { minRows: 100 } });
  await t.promote(1);
  const sent = predictions(seeded(7), { from: 0, count: 220 });
  const bare = predictions(seeded(8), { from: 1000, count: 50, withInput: false });
  await t.log([...sent, ...bare]);
  const labelled = [...bare, ...sent].map(({ id }, index) => ({ predictionId: id, label: index % 2 === 0 }));
  await t.label(labelled.slice(0, 160));
  const first = await t.monitoring.nextEvent(FeedbackCollectedV1);
  await t.monitoring.restart();
  await t.label(labelled.slice(100));
  const second = await t.monitoring.nextEvent(FeedbackCollectedV1, ({ id }) => id !== first.id);
  expect(first.data.rowCount).toBe(110);
  expect(second.data.rowCount).toBe(110);

  const tabular = openTabular({
    processes: 1,
    threads: 1,
    memoryLimitMiB: 512,
    timeoutMs: 60_000,
    temporaryDirectory: folder.path,
  });
  try {
    const paths = await Promise.all(
      [first, second].map(({ data }) => t.store.fetchToFile(data.rows, folder.path)),
    );
    const described = await tabular.describe({ files: paths, format: "parquet" });
    expect(described.rowCount).toBe(220);
    expect(described.columns.map(({ name, type }) => [name, type])).toEqual([
      ["date", "timestamp"],
      ["hour", "number"],
      ["origin", "string"],
      ["delayed", "boolean"],
    ]);
  } finally {
    await tabular.close();
  }
});

test("odd texts are stored as far as they can be, and cannot keep the predictions around them out", async () => {
  await using t = await startMonitoring();
  await t.apply({ window: { predictions: 10 } });
  await t.promote(1);
  const [odd, ...rest] = predictions(seeded(9), { from: 0, count: 10 });
  if (odd === undefined) throw new Error("no prediction was made");
  await t.log([{ ...odd, id: "\0\ud800", features: { hour: 1, origin: "S\0FO \\u0000" } }, ...rest]);
  const closed = await t.monitoring.nextEvent(WindowClosedV1);
  expect(closed.data.predictions).toBe(10);
});

test("an older version of a pipeline does not replace a newer one, and an unknown pipeline is said to be so", async () => {
  await using t = await startMonitoring();
  await t.apply({ window: { predictions: 20 } }, 2);
  await eventually(async () => (await t.read()).policy?.window.predictions === 20, {
    describe: "the pipeline",
  });
  await t.apply({ window: { predictions: 30 } }, 1);
  await t.promote(1);
  await t.log(predictions(seeded(1), { from: 0, count: 20 }));
  const closed = await t.monitoring.nextEvent(WindowClosedV1);
  expect(closed.data.predictions).toBe(20);
  const answer = await fetch(new URL("/v1/monitoring/nobody", t.monitoring.running.url));
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ code: "PIPELINE_NOT_MONITORED" });
});

test("nothing is in the work directory but the folder of the running process", async () => {
  await using work = await temporaryDirectory();
  await using _ = await startMonitoring({ CASCADE_WORK_DIRECTORY: work.path });
  expect(await readdir(work.path)).toEqual([expect.stringMatching(/^work-/)]);
});
