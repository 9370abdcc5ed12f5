import { expect, test } from "vitest";
import { readable } from "./readable.ts";

test("control characters and halves of characters are replaced, lines and all others stay", () => {
  expect(readable("a\0b\x1b[31m\ud800\r")).toBe("a\uFFFDb\uFFFD[31m\uFFFD\uFFFD");
  expect(readable("one\n\ttwo 🚕")).toBe("one\n\ttwo 🚕");
});
