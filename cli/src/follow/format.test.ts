import { expect, test } from "vitest";
import { formatAge } from "./format.ts";

test.each([
  [12.4, "12 s"],
  [90, "1 min 30 s"],
  [21_600, "6 h"],
  [9000, "2 h 30 min"],
  [86_400, "1 d"],
  [813_386_169, "9,414 d 4 h"],
])("%d seconds are %s", (seconds, told) => {
  expect(formatAge(seconds)).toBe(told);
});
