import { DataArrivedV1, subjectOf } from "@cascade/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { CloudEvent } from "./cloud-event.ts";
import { envelope, limits } from "./codec-fixtures.ts";
import { decode } from "./decode.ts";
import { encodeBinary } from "./encode-binary.ts";

const legal = fc
  .string({ unit: "binary", minLength: 1, maxLength: 60 })
  .filter((text) => !/[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u.test(text));
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const hex = (length: number) =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`)).filter((text) => /[1-9a-f]/.test(text));

const traces = fc.oneof(
  fc.constant({}),
  fc.record(
    {
      traceparent: fc.tuple(hex(32), hex(16)).map(([trace, span]) => `00-${trace}-${span}-01`),
      tracestate: fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e]{0,40}[\x21-\x7e])?$/),
    },
    { requiredKeys: ["traceparent"] },
  ),
);

const events: fc.Arbitrary<CloudEvent> = fc
  .record({
    pipeline: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/),
    id: legal,
    source: legal,
    time: optional(
      fc
        .date({ min: new Date(0), max: new Date("9999-01-01"), noInvalidDate: true })
        .map((date) => date.toISOString()),
    ),
    correlationid: optional(legal),
    partitionkey: optional(legal),
    trace: traces,
    data: fc.jsonValue({ noUnicodeString: false, maxDepth: 8 }),
  })
  .map(({ pipeline, trace, data, ...attributes }) => ({
    envelope: {
      specversion: "1.0",
      type: DataArrivedV1.type,
      subject: pipeline,
      datacontenttype: "application/json",
      ...withoutUndefined(attributes),
      ...trace,
    },
    data: JSON.parse(JSON.stringify(data)),
  }))
  // What is refused is not written: a test of its own says so.
  .filter(({ data }) => !/"(__proto__|prototype)"/.test(JSON.stringify(data)));

function withoutUndefined<T extends object>(value: T) {
  return JSON.parse(JSON.stringify(value));
}

/** An event as a broker carries it: header names and values are text without line breaks. */
function transported({ envelope: { subject } }: CloudEvent, encoded: ReturnType<typeof encodeBinary>) {
  return { ...encoded, subject: subjectOf(DataArrivedV1, subject) };
}

test("what is encoded is decoded to the same event", () => {
  fc.assert(
    fc.property(events, (event) => {
      const encoded = encodeBinary(event);
      expect(decode(transported(event, encoded), limits)).toEqual(event);
    }),
    { numRuns: 500 },
  );
});

test("every header that is written is printable ASCII without line breaks", () => {
  fc.assert(
    fc.property(events, (event) => {
      for (const [name, value] of encodeBinary(event).headers)
        expect(`${name}${value}`).toMatch(/^[\x20-\x7e]+$/);
    }),
  );
});

test("whatever bytes arrive, the answer is an event or a MalformedEventError", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(fc.tuple(fc.constantFrom("ce-id", "Ce-Type", "content-type", "ce-source"), fc.string())),
      (payload, headers) => {
        expect(() => decode({ headers, payload, subject: "x.y" }, limits)).toThrow(
          expect.objectContaining({ name: "MalformedEventError" }),
        );
      },
    ),
  );
});

test("an event is written with lower-case attribute headers, the broker's id for deduplication and a plain trace", () => {
  const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
  const { headers, payload } = encodeBinary({
    envelope: { ...envelope, source: "/müsli 100%", traceparent, tracestate: "vendor=x" },
    data: { uri: "file:///a" },
  });
  expect(headers).toEqual([
    ["ce-specversion", "1.0"],
    ["ce-id", envelope.id],
    ["ce-type", envelope.type],
    ["ce-source", "/m%C3%BCsli%20100%25"],
    ["ce-subject", "flight-delays"],
    ["ce-datacontenttype", "application/json"],
    ["ce-traceparent", traceparent],
    ["ce-tracestate", "vendor=x"],
    ["Nats-Msg-Id", envelope.id],
    ["traceparent", traceparent],
    ["tracestate", "vendor=x"],
  ]);
  expect(new TextDecoder().decode(payload)).toBe('{"uri":"file:///a"}');
});

test("an attribute that CloudEvents forbids is refused before it can be published", () => {
  for (const id of ["a\r\nNats-Rollup: all", "a\u0000", "a\ud800"]) {
    expect(() => encodeBinary({ envelope: { ...envelope, id }, data: {} })).toThrow(
      expect.objectContaining({ code: "EVENT_ATTRIBUTE_INVALID" }),
    );
  }
});

test("data whose keys every consumer would refuse is not published", () => {
  const data = JSON.parse('{"rows": [{"__proto__": {}}]}');
  expect(() => encodeBinary({ envelope, data })).toThrow(
    expect.objectContaining({ code: "EVENT_KEY_FORBIDDEN" }),
  );
  expect(() => encodeBinary({ envelope, data: { note: "__proto__" } })).not.toThrow();
});

test("a broken trace is not passed on", () => {
  const { headers } = encodeBinary({
    envelope: { ...envelope, traceparent: "garbage", tracestate: "a=b" },
    data: {},
  });
  expect(headers.map(([name]) => name).filter((name) => name.includes("trace"))).toEqual([]);
});
