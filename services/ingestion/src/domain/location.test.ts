import { expect, test } from "vitest";
import { locate } from "./location.ts";

test.each([
  ["/data/a.csv", "/data/a.csv"],
  ["file:///data/a.csv", "/data/a.csv"],
  ["file://localhost/data/a.csv", "/data/a.csv"],
  ["file:///data/with%20space.csv", "/data/with space.csv"],
  ["/data/[2026]*.csv", "/data/[2026]*.csv"],
])("%s is the file %s", (uri, path) => {
  expect(locate(uri)).toEqual({ kind: "file", path });
});

test("an http address is kept as it is", () => {
  expect(locate("https://example.org/a.csv?x=1")).toMatchObject({
    kind: "http",
    url: { href: "https://example.org/a.csv?x=1" },
  });
});

test.each([
  "a.csv",
  "./a.csv",
  "",
  "ftp://example.org/a.csv",
  "gopher://example.org/",
  "s3://bucket/a.csv",
  "data:text/csv,a",
  "javascript:alert(1)",
  "file://elsewhere/data/a.csv",
  "file:///data/%2e%2e%2fa.csv",
  "https://user@example.org/a.csv",
  "https://user:secret@example.org/a.csv",
  "/data/a\u0000.csv",
  "https://example.org/a\r\nx: y",
])("%j is refused with advice", (uri) => {
  expect(() => locate(uri)).toThrow(
    expect.objectContaining({ code: "URI_REFUSED", again: false, whatToDo: expect.stringMatching(/\w/u) }),
  );
});
