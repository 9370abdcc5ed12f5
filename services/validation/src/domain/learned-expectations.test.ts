import type { ColumnProfile } from "@cascade/tabular";
import { expect, test } from "vitest";
import { appliedPipeline } from "../testing/test-pipeline.ts";
import { readDemands } from "./demands.ts";
import { learnedExpectations } from "./learned-expectations.ts";

const column = (name: string, changes: Partial<ColumnProfile>): ColumnProfile => ({
  name,
  type: "string",
  nulls: 0,
  nonFinite: 0,
  distinct: 2,
  distinctExact: true,
  min: null,
  max: null,
  mean: null,
  standardDeviation: null,
  histogram: null,
  topValues: [],
  ...changes,
});

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
    column("note", { topValues: [{ value: "x", count: 1000 }] }),
  ],
};

test("missing shares and categories of declared columns are learned; sizes, ranges and other columns are not", () => {
  const { demands } = readDemands(appliedPipeline("trips"));
  expect(learnedExpectations(profile, demands)).toEqual([
    { kind: "not-null", column: "city", maxNullShare: 0 },
    { kind: "allowed-values", column: "city", values: ["Oslo", "Rome"] },
    { kind: "not-null", column: "tip", maxNullShare: expect.closeTo(0.16, 3) },
  ]);
});

test("what the pipeline says itself is not learned", () => {
  const expectations = [{ column: "city", maxNullShare: 1, allowed: ["Oslo", "Rome", "Lima"] }];
  const { demands } = readDemands(appliedPipeline("trips", { expectations }));
  expect(learnedExpectations(profile, demands)).toEqual([
    { kind: "not-null", column: "tip", maxNullShare: expect.closeTo(0.16, 3) },
  ]);
});
