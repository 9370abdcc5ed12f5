import { expect, test } from "vitest";
import { chooseBatch } from "./choose-batch.ts";

test.each<[string, number[], number, string]>([
  ["a large newest one", [5000, 1000], 1, "the newest one"],
  ["a tiny newest one", [2000, 3000, 5], 1, "the newest of 1000 rows or more: the 5 of the newest are few"],
  ["tiny ones alone", [7, 9, 3, 9, 1], 3, "the largest one; none has 1000 rows"],
  ["a single one", [4], 0, "the only one"],
])("of batches with %s the one that shows most is taken, and why is told", (_, rowCounts, index, why) => {
  const batches = rowCounts.map((rowCount, at) => ({ datasetVersion: String(at), rowCount }));
  expect(chooseBatch(batches)).toEqual({ batch: batches[index], why });
});

test("without batches there is none to choose", () => {
  expect(chooseBatch([])).toBeUndefined();
});
