import { resolve } from "node:path";
import { expect, test } from "vitest";
import { eventDefinitions } from "../catalogue.ts";
import { allFiles } from "./all-files.ts";
import { compareFiles } from "./compare-files.ts";

const root = resolve(import.meta.dirname, "../..");
const difference = await compareFiles(root, allFiles(eventDefinitions));

test("no published event version was changed in a way that breaks its writers or readers", () => {
  expect(difference.breaking).toEqual([]);
});

test("every generated file is fresh; if not, run npm run generate", () => {
  expect(difference.stale.map((file) => file.path)).toEqual([]);
});

test("no generated file is left over from an event that is gone", () => {
  expect(difference.leftOver).toEqual([]);
});

test("the same contracts give the same files, byte for byte", () => {
  expect(allFiles(eventDefinitions)).toEqual(allFiles(eventDefinitions));
});
