import { expect, test } from "vitest";
import { appliedPipeline } from "../testing/test-pipeline.ts";
import { column } from "../testing/test-profile.ts";
import { readDemands } from "./demands.ts";
import { learnedExpectations, learnedRowsMin } from "./learned-expectations.ts";

const profile = {
  rowCount: 1000,
  columns: [
    column("city", {
      topValues: [
        { value: "Oslo", count: 600 },
        { value: "Rome", count: 400 },
      ],
    }),
    column("tip", { type: "number", nulls: 100, distinct: 900, min: 0, max: 10 }),
    column("id", { type: "integer", distinct: 1000, min: 1, max: 1000 }),
    column("note", { topValues: [{ value: "x", count: 1000 }] }),
  ],
};

const notNullTip = { kind: "not-null", column: "tip", maxNullShare: expect.closeTo(0.16, 3) };
const notNullId = { kind: "not-null", column: "id", maxNullShare: 0 };
const rangeOfTip = { kind: "range", column: "tip", min: 0, max: 15 };

test("sizes, and what the declared columns hold, are learned; but no range of identifiers, and no other columns", () => {
  const { demands } = readDemands(appliedPipeline("trips"));
  expect(learnedExpectations(profile, demands)).toEqual([
    { kind: "row-count", min: 500 },
    { kind: "not-null", column: "city", maxNullShare: 0 },
    { kind: "allowed-values", column: "city", values: ["Oslo", "Rome"] },
    notNullTip,
    rangeOfTip,
    notNullId,
  ]);
});

test("numbers too large to leave room around them have no range", () => {
  const { demands } = readDemands(appliedPipeline("trips"));
  const columns = [column("tip", { type: "number", distinct: 9, min: -1.7e308, max: 1.7e308 })];
  expect(learnedExpectations({ rowCount: 1000, columns }, demands).map(({ kind }) => kind)).toEqual([
    "row-count",
    "not-null",
  ]);
});

test("what the pipeline says itself is not learned", () => {
  const expectations = [
    { column: "city", maxNullShare: 1, allowed: ["Oslo", "Rome", "Lima"] },
    { column: "tip", min: 0 },
  ];
  const { demands } = readDemands(appliedPipeline("trips", { expectations, rowCount: { max: 5000 } }));
  expect(learnedExpectations(profile, demands)).toEqual([notNullTip, notNullId]);
});

test.each([
  ["nothing is said", {}, 100],
  ["the file says it", { inferMinRows: 7 }, 7],
  ["only distributions are compared", { infer: false, distributions: [{ column: "tip", minRows: 30 }] }, 30],
  ["nothing is to be learned", { infer: false }, Number.POSITIVE_INFINITY],
])("how many rows teach where %s", (_, validation, rows) => {
  expect(learnedRowsMin(readDemands(appliedPipeline("trips", validation)).demands)).toBe(rows);
});
