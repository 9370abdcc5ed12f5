import type { Lookup } from "@cascade/contracts";
import { describe, expect, test } from "vitest";
import { pipeline, trainingSet } from "../testing/fixtures.ts";
import { viewFits } from "./view-fits.ts";

const fits = (changes: object, applied = pipeline()) => viewFits(applied, { ...trainingSet, ...changes });
const [first, ...rest] = trainingSet.features;

test("a training set of the declared features fits, in whatever order they are", () => {
  expect(fits({})).toBe(true);
  expect(fits({ features: trainingSet.features.toReversed() })).toBe(true);
});

test("a declared kind must be the computed one; where none is declared the features service decides", () => {
  const features = { ...pipeline().features, hour: { sql: "hour(date)", kind: "category" as const } };
  expect(fits({}, { ...pipeline(), features })).toBe(false);
});

test("features of the past fit where they are declared as they were looked up", () => {
  const rides: Lookup = {
    pipeline: "flight-delays",
    view: "departures",
    viewDigest: "sha256:1",
    on: [{ name: "origin", type: "string" }],
    time: "date",
    columns: [{ name: "rides", from: "rides", type: "integer", missing: 0 }],
  };
  const past = { name: "rides", sql: '"rides"', kind: "number" as const };
  const changes = { features: [...trainingSet.features, past], lookups: [rides], pastDigest: "sha256:2" };
  expect(fits(changes, { ...pipeline(), pastDigest: "sha256:2" })).toBe(true);
  expect(fits(changes, { ...pipeline(), pastDigest: "sha256:3" })).toBe(false);
  expect(fits(changes)).toBe(false);
  expect(fits({}, { ...pipeline(), pastDigest: "sha256:2" })).toBe(false);
});

describe("a training set does not fit", () => {
  test.each([
    ["of another view", { view: "arrivals" }],
    ["of another label", { label: "cancelled" }],
    ["with a feature less", { features: rest }],
    ["with another feature in its place", { features: [{ ...first, name: "minute" }, ...rest] }],
    ["with a feature computed in another way", { features: [{ ...first, sql: "minute(date)" }, ...rest] }],
    ["from a column of another type", { inputColumns: [{ name: "distance", type: "integer" }] }],
    ["from a column that is no longer declared", { inputColumns: [{ name: "gone", type: "integer" }] }],
  ])("%s", (_, changes) => {
    expect(fits(changes)).toBe(false);
  });
});
