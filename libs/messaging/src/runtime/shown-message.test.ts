import { DeadLetterRecordedV1, maxEventBytes } from "@cascade/contracts";
import { expect, test } from "vitest";
import { shownHeaders, shownPayload } from "./shown-message.ts";

test("text is shown as it is, with its length in bytes", () => {
  expect(shownPayload(Buffer.from('{"name":"Zoë"}'))).toEqual({
    payload: '{"name":"Zoë"}',
    payloadTruncated: false,
    payloadBytes: 15,
  });
});

test("bytes that are no text are also given as they are", () => {
  const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x7b]);
  const shown = shownPayload(bytes);
  expect(Buffer.from(shown.payloadBase64 ?? "", "base64")).toEqual(bytes);
  expect(shown.payloadBytes).toBe(4);
});

test("what is cut still tells how long it was", () => {
  const shown = shownPayload(Buffer.alloc(100_000, "x"));
  expect(shown).toMatchObject({ payloadTruncated: true, payloadBytes: 100_000 });
  expect(shown.payload).toHaveLength(16 * 1024);
});

test("headers are shown in their order, and it is said where some are missing", () => {
  expect(
    shownHeaders([
      ["ce-id", "1"],
      ["ce-id", "2"],
    ]),
  ).toEqual({
    headers: [
      { name: "ce-id", value: "1" },
      { name: "ce-id", value: "2" },
    ],
    headersTruncated: false,
  });
  const many = Array.from({ length: 65 }, (_, index): [string, string] => [`h${index}`, "v"]);
  expect(shownHeaders(many)).toMatchObject({ headersTruncated: true });
  expect(shownHeaders([["long", "x".repeat(1025)]])).toMatchObject({ headersTruncated: true });
});

test.each([
  ["control characters", Buffer.alloc(200_000, 1), "\u0001"],
  ["bytes that are no text", Buffer.alloc(200_000, 0xff), "\u0001"],
])("the event that tells of %s fits into a message", (_, payload, character) => {
  const headers = Array.from({ length: 100 }, (): [string, string] => [
    character.repeat(200),
    character.repeat(2000),
  ]);
  const data = {
    ...DeadLetterRecordedV1.example,
    error: { name: "Error", message: character.repeat(4000) },
    event: { ...DeadLetterRecordedV1.example.event, ...shownPayload(payload), ...shownHeaders(headers) },
  };
  expect(DeadLetterRecordedV1.schema.safeParse(data).success).toBe(true);
  expect(Buffer.byteLength(JSON.stringify(data))).toBeLessThan(maxEventBytes);
});
