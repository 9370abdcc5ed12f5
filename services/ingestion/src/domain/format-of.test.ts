import { expect, test } from "vitest";
import { formatOf } from "./format-of.ts";

test("what the sender states counts more than the pipeline, and that more than the name", () => {
  expect(formatOf("csv", "parquet", "/a.jsonl")).toBe("csv");
  expect(formatOf(undefined, "parquet", "/a.jsonl")).toBe("parquet");
  expect(formatOf(undefined, undefined, "/a.jsonl")).toBe("json-lines");
});

test.each([
  ["/data/A.CSV", "csv"],
  ["/data/a.b.parquet", "parquet"],
  ["/data/a.ndjson", "json-lines"],
  ["/data.csv/a", undefined],
  ["/data/a.json", "json"],
  ["/data/a.csv.gz", "csv"],
  ["/data/a.JSONL.ZST", "json-lines"],
  ["/data/a.gz", undefined],
  ["", undefined],
])("the name %j says %s", (path, format) => {
  expect(formatOf(undefined, undefined, path)).toBe(format);
});
