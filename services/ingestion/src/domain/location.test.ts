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

test("a dataset version is named by its digest", () => {
  const datasetVersion = `sha256:${"ab".repeat(32)}`;
  expect(locate(`urn:cascade:dataset:${datasetVersion}`)).toEqual({ kind: "dataset", datasetVersion });
  expect(() => locate("urn:cascade:dataset:sha256:ab")).toThrow(
    expect.objectContaining({ code: "URI_REFUSED" }),
  );
});

test("a bucket and a key are taken as they are written", () => {
  expect(locate("s3://trips/2026/a b%20?#.csv")).toEqual({
    kind: "s3",
    object: { bucket: "trips", key: "2026/a b%20?#.csv" },
  });
});

test.each([
  "s3://",
  "s3://trips",
  "s3://trips/",
  "s3://Trips/a.csv",
  "s3://a..b/a.csv",
  "s3://key:secret@trips/a.csv",
  "s3://trips/../other/a.csv",
  "s3://trips/a/./b.csv",
  `s3://trips/${"k".repeat(1025)}`,
  "s3://trips/\ud800.csv",
])("%j names no object", (uri) => {
  expect(() => locate(uri)).toThrow(expect.objectContaining({ code: "URI_REFUSED" }));
});
