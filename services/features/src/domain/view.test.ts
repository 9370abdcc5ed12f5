import { expect, test } from "vitest";
import { appliedPipeline } from "../testing/test-pipeline.ts";
import type { Batch } from "./batch.ts";
import { type Build, batchesInWindow, totalRows } from "./build.ts";
import { newestOf } from "./newest-of.ts";
import { hasLabel, partitionColumns } from "./partition-columns.ts";
import { sameTrainingSet, viewDigest, viewOf } from "./view.ts";

type Changes = Parameters<typeof appliedPipeline>[1];
const viewWith = (changes: Changes = {}) => viewOf(appliedPipeline("trips", changes));

const halves = { train: 0.5, validation: 0.25, holdout: 0.25 };

test.each<[string, Changes]>([
  ["a feature", { columns: { miles: "miles" } }],
  ["the event time", { data: { eventTime: undefined } }],
  ["the key", { data: { key: ["city"] } }],
  ["the label", { data: { label: "miles" } }],
])("%s changes what is computed of a batch", (_name, changes) => {
  expect(viewDigest(viewWith(changes))).not.toBe(viewDigest(viewWith()));
  expect(sameTrainingSet(viewWith(changes), viewWith())).toBe(false);
});

test.each<[string, Changes]>([
  ["the seed", { training: { seed: 7 } }],
  ["a window of rows", { training: { window: { rows: 5 } } }],
  ["a window of batches", { training: { window: { batches: 5 } } }],
  ["a window by age", { training: { window: { duration: "7d" } } }],
  ["a half-life", { training: { window: { halfLife: "7d" } } }],
  ["what it is split by", { training: { split: { ...halves, by: "random" } } }],
  ["the seed of the split", { training: { split: { ...halves, seed: 9 } } }],
  ["the split", { training: { split: { train: 0.5, validation: 0.25, holdout: 0.25 } } }],
])("%s changes only the training set", (_name, changes) => {
  expect(viewDigest(viewWith(changes))).toBe(viewDigest(viewWith()));
  expect(sameTrainingSet(viewWith(changes), viewWith())).toBe(false);
});

test("a key that may come again identifies no row", () => {
  const [newest, keep] = [undefined, "keep"].map((repeatedKey) =>
    viewWith({ data: { key: ["city"], repeatedKey } }),
  );
  expect([newest?.identity, keep?.identity]).toEqual([["city"], []]);
  expect(newest && keep && viewDigest(newest) === viewDigest(keep)).toBe(false);
});

test("the window, the key and the seed of a split come from where they are declared", () => {
  const window = { duration: "2d", halfLife: "12h" };
  const view = viewWith({ data: { key: ["city"] }, training: { window, seed: 3 } });
  expect(view).toMatchObject({ windowMs: 172_800_000, halfLifeMs: 43_200_000, windowRows: null });
  expect(view).toMatchObject({ key: ["city"], keysApart: false, seed: 3, splitBy: null });
  const split = { ...halves, by: "key", key: ["miles"], seed: 4 };
  expect(viewWith({ data: { key: ["city"] }, training: { split } })).toMatchObject({
    key: ["miles"],
    keysApart: true,
    seed: 4,
    splitBy: "random",
    split: halves,
  });
  expect(sameTrainingSet(viewWith({ training: { window: "all" } }), viewWith())).toBe(true);
});

test("a window of batches holds the newest ones", () => {
  const batches = [1, 2, 3].map((position) => ({ position, rowCount: 10 * position })) as unknown as Batch[];
  const build = (changes: Changes) => ({ ...({} as Build), batches, view: viewWith(changes) });
  const newest = build({ training: { window: { batches: 2 } } });
  expect(batchesInWindow(newest).map(({ position }) => position)).toEqual([2, 3]);
  expect(totalRows(newest, [])).toBe(50);
  expect(totalRows(build({}), [])).toBe(60);
});

test("what does not concern the view changes nothing", () => {
  expect(
    sameTrainingSet(viewWith({ version: 9, training: { triggers: { runsPerDay: 3 } } }), viewWith()),
  ).toBe(true);
});

test("a feature may have the name of the event time, and columns any name at all", () => {
  const view = viewWith({
    data: {
      columns: { 'a "b"': "timestamp", tip: "number" },
      eventTime: 'a "b"',
      label: "tip",
    },
    columns: { 'a "b"': 'hour("a ""b""")' },
  });
  expect(partitionColumns(view)).toEqual([
    { name: 'a "b"', sql: 'hour("a ""b""")' },
    { name: "tip", sql: '"tip"' },
    { name: "cascade event time", sql: '"a ""b"""' },
  ]);
  expect(hasLabel(view)).toBe('"tip" IS NOT NULL AND NOT isnan("tip")');
});

test("of two training sets the one of the newer pipeline counts, then the one with the newer batch", () => {
  const snapshot = (pipelineVersion: number, position: number) => ({ pipelineVersion, position });
  const own = snapshot(2, 5);
  expect(newestOf(own, undefined)).toBe(own);
  expect(newestOf(own, snapshot(1, 9))).toBe(own);
  expect(newestOf(own, snapshot(2, 5))).toBe(own);
  const newer = snapshot(2, 6);
  expect(newestOf(own, newer)).toBe(newer);
  const later = snapshot(3, 1);
  expect(newestOf(own, later)).toBe(later);
});
