import { expect, test } from "vitest";
import { readTimeoutMs } from "./timeout-option.ts";

test("a time-out is seconds, parts of them included", () => {
  expect([readTimeoutMs("15"), readTimeoutMs("0.5")]).toEqual([15_000, 500]);
});

test.each(["abc", "", " ", "0", "-1", "NaN", "Infinity", "1e9", "5s"])("%j is no time-out", (text) => {
  expect(() => readTimeoutMs(text)).toThrow(`not "${text}"`);
});
