import { describe, expect, test } from "vitest";
import { bucketsOf, notifiedObjects, type PipelineSources } from "./notified-objects.ts";

const bucket = (name: string, more: { prefix?: string; suffix?: string } = {}) => ({
  kind: "bucket" as const,
  bucket: name,
  ...more,
});
const declared: readonly PipelineSources[] = [
  { pipeline: "trips", sources: [bucket("lake", { prefix: "trips/", suffix: ".csv" })] },
  { pipeline: "copies", sources: [bucket("other"), bucket("lake", { prefix: "trips/" }), bucket("lake")] },
  { pipeline: "flights", sources: [bucket("flights")] },
];

function notice(key: string, { eventName = "s3:ObjectCreated:Put", name = "lake" } = {}) {
  return { Records: [{ eventName, s3: { bucket: { name }, object: { key } } }] };
}

test("an object is for each pipeline that declares its bucket, prefix and suffix, once", () => {
  expect(notifiedObjects(notice("trips/a.csv"), "s3", declared)).toEqual([
    { pipeline: "trips", uri: "s3://lake/trips/a.csv" },
    { pipeline: "copies", uri: "s3://lake/trips/a.csv" },
  ]);
  expect(notifiedObjects(notice("trips/a.txt"), "s3", declared)).toMatchObject([{ pipeline: "copies" }]);
});

test("a key is decoded as in a form", () => {
  expect(notifiedObjects(notice("a+b%2Fc%2B%C3%BC.csv"), "s3", declared)).toEqual([
    { pipeline: "copies", uri: "s3://lake/a b/c+ü.csv" },
  ]);
  expect(notifiedObjects(notice("100%.csv"), "s3", declared)).toMatchObject([{ uri: "s3://lake/100%.csv" }]);
});

test("S3 itself names its events without a prefix", () => {
  const created = notice("a.csv", { eventName: "ObjectCreated:CompleteMultipartUpload", name: "flights" });
  expect(notifiedObjects(created, "s3", declared)).toMatchObject([{ pipeline: "flights" }]);
});

test("what was addressed to one pipeline is for no other", () => {
  expect(notifiedObjects(notice("trips/a.csv"), "trips", declared)).toMatchObject([{ pipeline: "trips" }]);
  expect(notifiedObjects(notice("trips/a.csv"), "flights", declared)).toBe("NO_PIPELINE_FOR_OBJECT");
});

describe("nothing is done, and why", () => {
  test.each([
    ["an object that was removed", notice("a.csv", { eventName: "s3:ObjectRemoved:Delete" })],
    ["an event whose name only begins alike", notice("a.csv", { eventName: "s3:ObjectCreatedX:Put" })],
    ["the mark of a folder", notice("trips%2F")],
    ["a key that leads elsewhere", notice("trips/../secret.csv")],
    ["a bucket that is no name of one", notice("a.csv", { name: "..lake" })],
    ["a message that tries the connection", {}],
  ])("%s", (_, data) => {
    expect(notifiedObjects(data, "s3", declared)).toBe("NO_OBJECT_CREATED");
  });

  test("a bucket that nobody declares", () => {
    expect(notifiedObjects(notice("a.csv", { name: "unknown" }), "s3", declared)).toBe(
      "NO_PIPELINE_FOR_OBJECT",
    );
  });
});

test("each bucket is asked for once", () => {
  expect(bucketsOf({ Records: [...notice("a").Records, ...notice("b").Records] })).toEqual(["lake"]);
});
