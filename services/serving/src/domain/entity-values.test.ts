import type { Lookup, OnlineRow } from "@cascade/contracts";
import { expect, test } from "vitest";
import { entityValues } from "./entity-values.ts";

const lookup: Lookup = {
  pipeline: "rides",
  view: "riders",
  viewDigest: "sha256:1",
  on: [{ name: "rider", type: "string" }],
  time: "at",
  ttlMs: 10_000,
  columns: [
    { name: "home", from: "city", type: "string" },
    { name: "rides", from: "rides", type: "integer", missing: 0 },
    { name: "fares", from: "fares", type: "number" },
  ],
};
const second = (seconds: number) => Date.UTC(2026, 0, 1, 0, 0, seconds);
const text = (seconds: number) => new Date(second(seconds)).toISOString();
const row: OnlineRow = {
  entity: "3:Ada",
  time: text(10),
  position: 1,
  values: { city: "Oslo" },
  steps: [
    { after: text(10), values: { rides: 2, fares: 30 } },
    { after: text(15), values: { rides: 1, fares: 20 } },
    { after: text(30), values: { rides: 0, fares: null } },
  ],
};

test.each([
  ["just after its newest row", 11, { home: "Oslo", rides: 2, fares: 30 }],
  ["at the very end of a step", 15, { home: "Oslo", rides: 2, fares: 30 }],
  ["when a row has left the window", 16, { home: "Oslo", rides: 1, fares: 20 }],
  ["when the newest row is as old as it may be", 20, { home: "Oslo", rides: 1, fares: 20 }],
  ["when the newest row has expired", 21, { home: null, rides: 1, fares: 20 }],
  ["when every row has left the window", 99, { home: null, rides: 0, fares: null }],
  ["of a time before its newest row", 3, { home: "Oslo", rides: 2, fares: 30 }],
])("what is known of an entity %s", (_, seconds, expected) => {
  expect(entityValues(lookup, row, second(seconds))).toEqual(expected);
});

test("of an entity that nothing is known of, counts are 0 and everything else is missing", () => {
  expect(entityValues(lookup, undefined, second(1))).toEqual({ home: null, rides: 0, fares: null });
});
