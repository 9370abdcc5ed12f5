import { expect, test } from "vitest";
import { readable, toldAddress } from "./readable.ts";

test("control characters and halves of characters are replaced, all others stay", () => {
  expect(readable("a\u0000b\u001b[31m\ud800")).toBe("a\uFFFDb\uFFFD[31m\uFFFD");
  expect(readable("Zürich 東京 🚕")).toBe("Zürich 東京 🚕");
});

test.each([
  ["https://ada:hunter2@example.org/a.csv", "https://example.org/a.csv"],
  ["https://ada@example.org/a@b.csv", "https://example.org/a@b.csv"],
  ["https:/\\ada:hunter2@example.org", "https:/\\example.org"],
  ["https://ada:a@b@example.org/", "https://example.org/"],
  ["https://example.org/a@b.csv?c=d@e", "https://example.org/a@b.csv?c=d@e"],
  ["/data/a@b.csv", "/data/a@b.csv"],
])("%s is told as %s", (uri, told) => {
  expect(toldAddress(uri)).toBe(told);
});
