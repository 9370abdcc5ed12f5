import { readdir } from "node:fs/promises";
import { type ArtifactRef, DeadLetterRecordedV1 } from "@cascade/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  tripColumns as columns,
  type FeaturesUnderTest,
  startFeatures,
  trips,
} from "./testing/start-features.ts";

const stack = new AsyncDisposableStack();
let { features, rows, work, apply, accept, send } = {} as FeaturesUnderTest;

beforeAll(async () => {
  ({ features, rows, work, apply, accept, send } = stack.use(await startFeatures()));
});
afterAll(() => stack.disposeAsync());

const sum = ({ train, validation, holdout }: Record<"train" | "validation" | "holdout", number>) =>
  train + validation + holdout;

test("a batch becomes a training set in time order, with exactly the features and the label", async () => {
  await apply("first");
  const { ref, materialized } = await send("first", trips(20).reverse());
  const { trainingSet, newRows, totalRows } = await materialized();
  expect({ newRows, totalRows }).toEqual({ newRows: 20, totalRows: 20 });
  expect(trainingSet).toMatchObject({
    view: "trips",
    label: "tip",
    features: [
      { name: "seen", sql: "hour(seen)", kind: "number" },
      { name: "city", sql: "city", kind: "category" },
      { name: "half", sql: "miles / 2", kind: "number" },
    ],
    inputColumns: columns.slice(0, 3),
    rowCounts: { train: 14, validation: 3, holdout: 3 },
    datasetVersions: [ref.digest],
  });
  const train = await rows.read(trainingSet.train);
  expect(Object.keys(train[0] ?? {})).toEqual(["seen", "city", "half", "tip"]);
  const tips = (await rows.read(trainingSet.holdout)).map(({ tip }) => tip);
  expect(tips.toSorted()).toEqual([17, 18, 19]);
});

test("batches that arrive together are all in the newest training set", async () => {
  await apply("burst");
  const sent = await Promise.all([0, 1, 2, 3, 4].map((part) => send("burst", trips(10, part * 10))));
  const made = await Promise.all(sent.map(({ materialized }) => materialized()));
  expect(made.map(({ newRows }) => newRows)).toEqual([10, 10, 10, 10, 10]);
  const largest = made.toSorted((a, b) => a.totalRows - b.totalRows).at(-1);
  expect(largest?.totalRows).toBe(50);
  expect(sum(largest?.trainingSet.rowCounts ?? { train: 0, validation: 0, holdout: 0 })).toBe(50);
  expect(largest?.trainingSet.datasetVersions).toHaveLength(5);
});

test("the same batch again has no effect; what was accepted survives a restart", async () => {
  await apply("again");
  const { ref, materialized } = await send("again", trips(10));
  await materialized();
  await features.restart();
  const { id } = await accept("again", ref, 10);
  const { trainingSet } = await (await send("again", trips(10, 10))).materialized();
  expect(trainingSet.datasetVersions).toHaveLength(2);
  expect(sum(trainingSet.rowCounts)).toBe(20);
  expect(features.seen().filter(({ envelope }) => envelope.correlationid === id)).toHaveLength(1);
});

test("a batch that is accepted again with other rows takes its own place", async () => {
  await apply("replaced");
  const { ref, materialized } = await send("replaced", trips(10));
  await materialized();
  const fewer = await rows.put(trips(8), columns);
  const again = await accept("replaced", fewer, 8, ref.digest);
  const { trainingSet, newRows, totalRows } = await again.materialized();
  expect({ newRows, totalRows, rows: sum(trainingSet.rowCounts) }).toEqual({
    newRows: 0,
    totalRows: 8,
    rows: 8,
  });
});

test("a changed view is computed from all accepted batches", async () => {
  await apply("changed");
  await (await send("changed", trips(10))).materialized();
  const before = await (await send("changed", trips(10, 10))).materialized();
  const changed = await apply("changed", { version: 2, columns: { double: "miles * 2" } });
  const { trainingSet, newRows, totalRows } = await changed.materialized();
  expect({ newRows, totalRows }).toEqual({ newRows: 0, totalRows: 20 });
  expect(trainingSet.features).toEqual([{ name: "double", sql: "miles * 2", kind: "number" }]);
  expect(trainingSet.viewDigest).not.toBe(before.trainingSet.viewDigest);
});

test("windows of batches and a split by key are what the training set is made of", async () => {
  const split = { train: 0.5, validation: 0.25, holdout: 0.25, by: "key", key: ["seen"] };
  await apply("windowed", { training: { window: { batches: 2 }, split } });
  await (await send("windowed", trips(40))).materialized();
  await (await send("windowed", trips(40, 100))).materialized();
  const again = trips(40, 100).map((row) => ({ ...row, city: "Bonn" }));
  const { trainingSet, totalRows } = await (await send("windowed", again)).materialized();
  expect([totalRows, trainingSet.datasetVersions.length]).toEqual([80, 2]);
  const tips = async (ref: ArtifactRef) => new Set((await rows.read(ref)).map(({ tip }) => Number(tip)));
  const parts = [trainingSet.train, trainingSet.validation, trainingSet.holdout];
  const all = (await Promise.all(parts.map(tips))).flatMap((own) => [...own]);
  expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => 100 + index));
});

test("a changed split renews the training set from the features that are there", async () => {
  await apply("split");
  const before = await (await send("split", trips(20))).materialized();
  const training = { window: { rows: 10 }, split: { train: 0.6, validation: 0.2, holdout: 0.2 } };
  const { trainingSet } = await (
    await apply("split", { version: 2, modelChanged: false, training })
  ).materialized();
  expect(trainingSet.rowCounts).toEqual({ train: 6, validation: 2, holdout: 2 });
  expect(trainingSet.viewDigest).toBe(before.trainingSet.viewDigest);
});

test("an older version of the pipeline changes nothing", async () => {
  await apply("older", { version: 3 });
  await apply("older", { version: 2, columns: { double: "miles * 2" } });
  const { trainingSet } = await (await send("older", trips(10))).materialized();
  expect(trainingSet.features).toHaveLength(3);
});

test("rows without a label are left out", async () => {
  await apply("unlabelled");
  const some = trips(20).map((row, index) => (index < 5 ? { ...row, tip: null } : row));
  const { trainingSet, totalRows } = await (await send("unlabelled", some)).materialized();
  expect(sum(trainingSet.rowCounts)).toBe(15);
  expect(totalRows).toBe(20);
});

test("without an event time the rows of one key stay together", async () => {
  const data = { eventTime: undefined, key: ["city", "seen"], repeatedKey: "keep" };
  await apply("keyed", { data });
  const twice = [...trips(60), ...trips(60)];
  const { trainingSet } = await (await send("keyed", twice)).materialized();
  const tips = async (ref: ArtifactRef) => new Set((await rows.read(ref)).map(({ tip }) => tip));
  const [train, holdout] = await Promise.all([tips(trainingSet.train), tips(trainingSet.holdout)]);
  expect([...train].filter((tip) => holdout.has(tip))).toEqual([]);
});

test("of a key that comes again in a later batch the newest row counts, and how many it replaces is told", async () => {
  await apply("repeated", { data: { key: ["city", "seen"] } });
  await (await send("repeated", trips(20))).materialized();
  const corrected = trips(5).map((row) => ({ ...row, tip: 1000 }));
  const sent = await send("repeated", [...corrected, ...trips(5, 100)]);
  const { trainingSet, totalRows, replacedRows } = await sent.materialized();
  expect([totalRows, sum(trainingSet.rowCounts), replacedRows]).toEqual([30, 25, 5]);
  const read = await Promise.all(
    [trainingSet.train, trainingSet.validation, trainingSet.holdout].map((ref) => rows.read(ref)),
  );
  expect(read.flat().filter(({ tip }) => tip === 1000)).toHaveLength(5);
});

test.each([
  ["leak", { cheat: "tip * 2" }, "LABEL_LEAK", "Take the label out"],
  ["refused", { now: "now()" }, "SQL_REFUSED", "one scalar expression"],
  ["undeclared", { x: "nowhere" }, "SQL_REFUSED", "one scalar expression"],
  ["moment", { seen: "seen" }, "FEATURE_IS_TIMESTAMP", "hour(seen)"],
  ["text", { city: { sql: "city", kind: "number" } }, "FEATURE_NOT_A_NUMBER", "try_cast"],
  ["failing", { broken: "CAST(city AS INTEGER)" }, "SQL_FAILED", "try_cast"],
])("%s: a view that cannot be computed fails with advice", async (pipeline, view, code, advice) => {
  await apply(pipeline, { columns: view });
  const { ref, failed } = await send(pipeline, trips(10));
  const { datasetVersion, problem } = await failed();
  expect(datasetVersion).toBe(ref.digest);
  expect(problem.code).toBe(code);
  expect(problem.whatToDo).toContain(advice);
});

test("too few rows for a split fail with advice, and count as soon as there are more", async () => {
  await apply("few");
  const { problem } = await (await send("few", trips(1))).failed();
  expect(["TOO_FEW_ROWS", "SPLIT_IMPOSSIBLE"]).toContain(problem.code);
  const { totalRows } = await (await send("few", trips(10, 1))).materialized();
  expect(totalRows).toBe(11);
});

test("a batch whose features cannot be computed does not stand in the way of the next one", async () => {
  await apply("isolated", { columns: { miles: "miles", number: "CAST(city AS INTEGER)" } });
  const numbers = (from: number) => trips(10, from).map((row) => ({ ...row, city: "7" }));
  await (await send("isolated", numbers(0))).materialized();
  expect((await (await send("isolated", trips(10, 10))).failed()).problem.code).toBe("SQL_FAILED");
  const { totalRows, trainingSet } = await (await send("isolated", numbers(20))).materialized();
  expect(totalRows).toBe(20);
  expect(trainingSet.datasetVersions).toHaveLength(2);

  const corrected = await apply("isolated", {
    version: 2,
    columns: { miles: "miles", number: "try_cast(city AS INTEGER)" },
  });
  expect((await corrected.materialized()).totalRows).toBe(30);
});

test("a batch that was taken in under other types is converted to those declared now", async () => {
  await apply("types");
  await (await send("types", trips(10))).materialized();
  const asText = await apply("types", {
    version: 2,
    data: { columns: { seen: "timestamp", city: "string", miles: "string", tip: "number" } },
    columns: { miles: "miles" },
  });
  expect((await asText.materialized()).trainingSet.features).toMatchObject([{ kind: "category" }]);
  const { ref } = await send("types", trips(1));
  const more = await apply("types", {
    version: 3,
    data: { columns: { seen: "timestamp", city: "string", wind: "number", tip: "number" } },
    columns: { wind: "wind" },
  });
  const { problem } = await more.failed();
  expect(problem.code).toBe("COLUMN_MISSING");
  expect(ref.digest).toBeDefined();
});

test("rows that are not in the store are a failure, not silence", async () => {
  await apply("lost");
  const ref = { ...(await rows.put(trips(1), columns)), digest: `sha256:${"1".repeat(64)}` };
  const { problem } = await (await accept("lost", ref, 1)).failed();
  expect(problem.code).toBe("ARTIFACT_MISSING");
});

test("a batch of a pipeline that nobody applied becomes a dead letter that says what to do", async () => {
  await send("nobody", trips(1));
  const { data } = await features.nextEvent(DeadLetterRecordedV1, ({ pipeline }) => pipeline === "nobody");
  expect(JSON.stringify(data)).toContain("Run cascade apply");
});

test("nothing is left in the work directory but the folder of the running process", async () => {
  await expect.poll(() => readdir(work)).toHaveLength(1);
});
