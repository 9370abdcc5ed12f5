import { expect, test } from "vitest";
import { appliedPipeline } from "../testing/test-pipeline.ts";
import { newestOf } from "./newest-of.ts";
import { hasLabel, partitionColumns, trainingColumns } from "./partition-columns.ts";
import { sameTrainingSet, viewDigest, viewOf } from "./view.ts";

type Changes = Parameters<typeof appliedPipeline>[1];
const viewWith = (changes: Changes = {}) => viewOf(appliedPipeline("trips", changes));

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
  ["the window", { training: { window: { rows: 5 } } }],
  ["the split", { training: { split: { train: 0.5, validation: 0.25, holdout: 0.25 } } }],
])("%s changes only the training set", (_name, changes) => {
  expect(viewDigest(viewWith(changes))).toBe(viewDigest(viewWith()));
  expect(sameTrainingSet(viewWith(changes), viewWith())).toBe(false);
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
  expect(trainingColumns(view)).toEqual(['a "b"', "tip"]);
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
