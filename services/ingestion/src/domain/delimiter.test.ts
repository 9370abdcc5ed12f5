import { expect, test } from "vitest";
import { overlookedDelimiter } from "./delimiter.ts";

const named = (...names: string[]) => names.map((name) => ({ name }));
const declared = named("id", "city", "tip");

test.each([
  ["id;city;tip", ";"],
  ['"id"\t"city"', "\t"],
  ["id, tip, other", ","],
])("%j is a header that was not taken apart", (header, delimiter) => {
  expect(overlookedDelimiter(declared, named(header))).toBe(delimiter);
});

test.each([[["id"]], [["id;other"]], [["id;city", "tip"]], [[]]])("%j is what it is", (names) => {
  expect(overlookedDelimiter(declared, named(...names))).toBeUndefined();
});
