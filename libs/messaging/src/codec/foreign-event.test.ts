import { BucketNotifiedV1, DataArrivedV1, subjectOf } from "@cascade/contracts";
import { describe, expect, test } from "vitest";
import type { RawMessage } from "./cloud-event.ts";
import { bytesOf, limits, outcome } from "./codec-fixtures.ts";
import { decode } from "./decode.ts";

const subject = subjectOf(BucketNotifiedV1, "s3");
const notice = BucketNotifiedV1.example;

function raw(data: unknown, changes: Partial<RawMessage> = {}): RawMessage {
  return { headers: [], payload: bytesOf(JSON.stringify(data)), subject, ...changes };
}
const idOf = (message: RawMessage) => decode(message, limits).envelope.id;

describe("a message without attributes, where its subject is one that foreign systems use", () => {
  test("is the event that its subject says, with all that it holds", () => {
    const more = { EventName: "s3:ObjectCreated:Put", Key: "flights/a", ...notice };
    expect(decode(raw(more), limits)).toEqual({
      envelope: {
        specversion: "1.0",
        id: expect.stringMatching(/^[0-9a-f]{64}$/),
        type: "cascade.bucket.notified.v1",
        source: "urn:cascade:bucket-notice",
        subject: "s3",
      },
      data: more,
    });
  });

  test("is the same event where it says the same, and another where it does not", () => {
    const [record] = notice.Records ?? [];
    const changed = { Records: [{ ...record, eventTime: "2002-01-01T00:00:00Z", extra: 1 }] };
    expect(idOf(raw(changed))).toBe(idOf(raw(notice)));
    const object = { ...record?.s3.object, sequencer: "17A5F9C2" };
    const later = { Records: [{ ...record, s3: { ...record?.s3, object } }] };
    expect(idOf(raw(later))).not.toBe(idOf(raw(notice)));
    expect(idOf(raw(notice, { subject: subjectOf(BucketNotifiedV1, "flights") }))).not.toBe(
      idOf(raw(notice)),
    );
  });

  test("is told apart by its bytes where it breaks its contract", () => {
    expect(idOf(raw({ Records: 1 }))).not.toBe(idOf(raw({ Records: 2 })));
  });

  test.each([
    ["no JSON", bytesOf("Records"), "EVENT_NOT_JSON"],
    ["no text", new Uint8Array([0xff, 0xfe]), "EVENT_ENCODING_UNSUPPORTED"],
    ["nothing", new Uint8Array(), "EVENT_NOT_JSON"],
    ["nested too deep", bytesOf(`${"[".repeat(100)}${"]".repeat(100)}`), "EVENT_TOO_DEEP"],
  ])("is refused where it is %s", (_, payload, code) => {
    expect(outcome(raw({}, { payload }))).toBe(code);
  });
});

test("attributes are needed on every other subject, and all of them where there is one", () => {
  const missing = "EVENT_ATTRIBUTE_MISSING";
  expect(outcome(raw(notice, { subject: subjectOf(DataArrivedV1, "s3") }))).toBe(missing);
  expect(outcome(raw(notice, { subject: "cascade.bucket.notified.v9.s3" }))).toBe(missing);
  expect(outcome(raw(notice, { headers: [["ce-id", "1"]] }))).toBe(missing);
});
