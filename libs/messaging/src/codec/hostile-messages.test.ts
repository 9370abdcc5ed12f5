import { describe, expect, test } from "vitest";
import { binary, bytesOf, envelope, limits, natsSubject, outcome, structured } from "./codec-fixtures.ts";
import { decode } from "./decode.ts";
import { malformedEventCodes } from "./errors.ts";

describe("payloads", () => {
  test.each([
    ["text", "not json", "EVENT_NOT_JSON"],
    ["truncated", '{"a":', "EVENT_NOT_JSON"],
    ["an unclosed string", '{"a":"b\\', "EVENT_NOT_JSON"],
    ["two values", "{}{}", "EVENT_NOT_JSON"],
    ["a trailing comma", "[1,]", "EVENT_NOT_JSON"],
    ["blanks", "  \n", "EVENT_NOT_JSON"],
    ["NaN", '{"a":NaN}', "EVENT_NOT_JSON"],
    ["a comment", "{/*x*/}", "EVENT_NOT_JSON"],
    ["a byte order mark", new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d]), "EVENT_ENCODING_UNSUPPORTED"],
    ["UTF-16 with a mark", new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), "EVENT_ENCODING_UNSUPPORTED"],
    ["UTF-16 without a mark", Buffer.from("{}", "utf16le"), "EVENT_ENCODING_UNSUPPORTED"],
    ["invalid UTF-8", new Uint8Array([0x22, 0xc3, 0x28, 0x22]), "EVENT_ENCODING_UNSUPPORTED"],
    ["overlong UTF-8", new Uint8Array([0x22, 0xc0, 0xaf, 0x22]), "EVENT_ENCODING_UNSUPPORTED"],
    ["an encoded surrogate", new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]), "EVENT_ENCODING_UNSUPPORTED"],
    ["a repeated key", '{"a":1,"b":{"a":2},"a":3}', "EVENT_KEY_REPEATED"],
    ["a key repeated by an escape", '{"a":1,"\\u0061":2}', "EVENT_KEY_REPEATED"],
    ["a repeated key after an array", '[{"a":[{"b":1}],"a":2}]', "EVENT_KEY_REPEATED"],
    ["__proto__", '{"a":[{"__proto__":{"polluted":1}}]}', "EVENT_KEY_FORBIDDEN"],
    ["__proto__ by an escape", '{"\\u005f_proto__":{}}', "EVENT_KEY_FORBIDDEN"],
    ["constructor.prototype", '{"constructor":{"x":1,"prototype":{}}}', "EVENT_KEY_FORBIDDEN"],
    ["1e999", '{"a":1e999}', "EVENT_NUMBER_UNSAFE"],
    ["-1e999", "[-1e999]", "EVENT_NUMBER_UNSAFE"],
    ["2^53+1", '{"a":9007199254740993}', "EVENT_NUMBER_UNSAFE"],
    ["400 digits", "9".repeat(400), "EVENT_NUMBER_UNSAFE"],
  ])("%s is refused", (_name, payload, code) => {
    expect(outcome(binary({}, payload))).toBe(code);
    expect(Object.prototype).not.toHaveProperty("polluted");
  });

  test.each([
    '{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}',
    '{"constructor":"McLaren","prototype":1}',
    '{"key":"\\\\","key2":"\\"key\\":"}',
    "[9007199254740992,18446744073709552000,18446744073709551616,-0,0.1,1e308,5e-324,0.12345678901234567890]",
    '{"a":"{[,:1e999"}',
  ])("%s is accepted as it is", (payload) => {
    expect(decode(binary({}, payload), limits).data).toEqual(JSON.parse(payload));
  });

  test("the key repeated in a structured event is refused as well", () => {
    const message = structured();
    const payload = bytesOf(JSON.stringify({ ...envelope, data: {} }).replace("{", '{"id":"other",'));
    expect(outcome({ ...message, payload })).toBe("EVENT_KEY_REPEATED");
  });

  test("depth is counted in the data, up to the limit and not beyond", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    expect(outcome(binary({}, nested(32)))).toBe("accepted");
    expect(outcome(binary({}, nested(33)))).toBe("EVENT_TOO_DEEP");
    expect(outcome(structured({ data: JSON.parse(nested(32)) }))).toBe("accepted");
    expect(outcome(structured({ data: JSON.parse(nested(33)) }))).toBe("EVENT_TOO_DEEP");
  });

  test("a hundred thousand levels of nesting do not exhaust the stack", () => {
    const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
    const roomy = { payloadBytesMax: 10_000_000 };
    expect(outcome(binary({}, deep), roomy)).toBe("EVENT_TOO_DEEP");
    expect(outcome(binary({}, deep), { ...roomy, depthMax: 1_000_000 })).toBe("accepted");
    expect(outcome(binary({}, "[".repeat(100_000)), { ...roomy, depthMax: 1_000_000 })).toBe(
      "EVENT_NOT_JSON",
    );
  });

  test("size is judged before anything is read", () => {
    const limit = { payloadBytesMax: 10 };
    expect(outcome(binary({}, new Uint8Array(11)), limit)).toBe("EVENT_TOO_LARGE");
    expect(outcome(binary({}, '"12345678"'), limit)).toBe("accepted");
  });

  test.each([
    ["an array", [envelope]],
    ["a string", "x"],
    ["null", null],
  ])("%s is no structured event", (_name, value) => {
    expect(outcome({ ...structured(), payload: bytesOf(JSON.stringify(value)) })).toBe("EVENT_NOT_JSON");
  });

  test("data in base64 is refused", () => {
    expect(outcome(structured({ data: undefined, data_base64: "e30=" }))).toBe(
      "EVENT_DATA_BASE64_UNSUPPORTED",
    );
  });
});

describe("attributes", () => {
  test.each(["specversion", "id", "source", "type"])("an event without %s is refused", (name) => {
    expect(outcome(binary({ [`ce-${name}`]: undefined }))).toBe("EVENT_ATTRIBUTE_MISSING");
    expect(outcome(structured({ [name]: undefined }))).toBe("EVENT_ATTRIBUTE_MISSING");
  });

  test.each([
    ["specversion", "0.3", "EVENT_SPECVERSION_UNSUPPORTED"],
    ["specversion", "2.0", "EVENT_SPECVERSION_UNSUPPORTED"],
    ["id", "", "EVENT_ATTRIBUTE_INVALID"],
    ["id", "x".repeat(257), "EVENT_ATTRIBUTE_INVALID"],
    ["id", "x".repeat(10_000), "EVENT_ATTRIBUTE_INVALID"],
    ["source", "", "EVENT_ATTRIBUTE_INVALID"],
    ["time", "yesterday", "EVENT_ATTRIBUTE_INVALID"],
    ["time", "2026-03-01T06:00:00+99:00", "EVENT_ATTRIBUTE_INVALID"],
    ["correlationid", "x".repeat(257), "EVENT_ATTRIBUTE_INVALID"],
    ["type", "cascade.data.arrived.v2", "EVENT_SUBJECT_MISMATCH"],
    ["type", "cascade.model-version.promoted.v1", "EVENT_SUBJECT_MISMATCH"],
    ["subject", "another-pipeline", "EVENT_SUBJECT_MISMATCH"],
    ["subject", "", "EVENT_SUBJECT_MISMATCH"],
    ["subject", "Flight-Delays", "EVENT_SUBJECT_MISMATCH"],
  ])("%s = %s is refused with %s, in both modes", (name, value, code) => {
    expect(outcome(binary({ [`ce-${name}`]: value }))).toBe(code);
    expect(outcome(structured({ [name]: value }))).toBe(code);
  });

  test.each(["a\u0000b", "a\r\nNats-Rollup: all", "a\u007f", "a\ufffe", "a\ud800"])(
    "an id with forbidden characters is refused: %j",
    (id) => {
      expect(outcome(structured({ id }))).toBe("EVENT_ATTRIBUTE_INVALID");
      if (id.isWellFormed()) {
        expect(outcome(binary({ "ce-id": encodeURIComponent(id) }))).toBe("EVENT_ATTRIBUTE_INVALID");
      }
    },
  );

  test.each([[7], [true], [{ a: 1 }], [["x"]]])("an id that is %j and no string is refused", (id) => {
    expect(outcome(structured({ id }))).toBe("EVENT_ATTRIBUTE_INVALID");
  });

  test("an attribute that appears twice is refused, whatever its case", () => {
    expect(outcome(binary({ "CE-ID": "other" }))).toBe("EVENT_ATTRIBUTE_REPEATED");
  });

  test("a sender who names no subject gets the pipeline of the NATS subject", () => {
    expect(decode(binary(), limits).envelope.subject).toBe("flight-delays");
    expect(decode(structured({ subject: undefined }), limits).envelope.subject).toBe("flight-delays");
  });

  test.each(["*", ">", "A", "a b", "a\u0000", "ａ", "", "x".repeat(64), "$JS"])(
    "a NATS subject whose pipeline is %j is refused",
    (pipeline) => {
      const subject = `cascade.data.arrived.v1.${pipeline}`;
      expect(outcome({ ...binary(), subject })).toMatch(/^EVENT_(ATTRIBUTE_INVALID|SUBJECT_MISMATCH)$/);
    },
  );

  test.each(["", "x", "cascade.data.arrived.v1", "cascade.data.arrived.v1.a.b", `${natsSubject}.`])(
    "a NATS subject of another form is refused: %j",
    (subject) => {
      expect(outcome({ ...binary(), subject })).toBe("EVENT_SUBJECT_MISMATCH");
    },
  );

  test("headers beyond the limit are refused", () => {
    expect(outcome(binary({ "X-Padding": "x".repeat(17_000) }))).toBe("EVENT_HEADERS_TOO_LARGE");
    expect(outcome(binary({ "X-Padding": "€".repeat(5_500) }))).toBe("EVENT_HEADERS_TOO_LARGE");
  });

  test("a refusal does not repeat what a sender made long or unprintable", () => {
    const message = structured({ type: `\u001b[31m${"x".repeat(5000)}` });
    expect(() => decode(message, limits)).toThrow(/^[\x20-\x7e…�]{1,400}$/);
  });
});

describe("trace context", () => {
  const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
  const other = `00-${"c".repeat(32)}-${"d".repeat(16)}-00`;
  const traceOf = (headers: Record<string, string>) => {
    const read = decode(binary(headers), limits).envelope;
    return [read.traceparent, read.tracestate];
  };

  test("the event's own trace goes before that of the last hop", () => {
    expect(traceOf({ "ce-traceparent": traceparent, traceparent: other, tracestate: "a=b" })).toEqual([
      traceparent,
      undefined,
    ]);
  });

  test("where the event has none, that of the hop is taken", () => {
    expect(traceOf({ Traceparent: other, TraceState: "a=b" })).toEqual([other, "a=b"]);
    const message = { ...structured(), headers: [...structured().headers, ["traceparent", other] as const] };
    expect(decode(message, limits).envelope.traceparent).toBe(other);
  });

  test.each([
    "garbage",
    "",
    "x".repeat(8_000),
    `ff-${"a".repeat(32)}-${"b".repeat(16)}-01`,
    `00-${"0".repeat(32)}-${"b".repeat(16)}-01`,
    `00-${"a".repeat(32)}-${"0".repeat(16)}-01`,
    `00-${"A".repeat(32)}-${"b".repeat(16)}-01`,
    `${traceparent}-more`,
    `${traceparent}\n`,
    "%zz%C3",
  ])("a broken traceparent is dropped, and its tracestate with it: %j", (broken) => {
    expect(traceOf({ "ce-traceparent": broken, "ce-tracestate": "a=b" })).toEqual([undefined, undefined]);
    expect(traceOf({ "ce-traceparent": broken, traceparent: other })).toEqual([other, undefined]);
    expect(decode(structured({ traceparent: broken }), limits).envelope.traceparent).toBeUndefined();
  });

  test("a traceparent that is no string is dropped", () => {
    expect(decode(structured({ traceparent: 5, tracestate: {} }), limits).envelope).toEqual(envelope);
  });

  test("a later version of trace context is kept", () => {
    const later = `01-${"a".repeat(32)}-${"b".repeat(16)}-01-extra`;
    expect(traceOf({ traceparent: later })).toEqual([later, undefined]);
  });

  test("a tracestate that is too long is dropped alone", () => {
    expect(traceOf({ traceparent, tracestate: "x".repeat(513) })).toEqual([traceparent, undefined]);
  });
});

test("codes are unique and stable in form", () => {
  expect(new Set(malformedEventCodes).size).toBe(malformedEventCodes.length);
  for (const code of malformedEventCodes) expect(code).toMatch(/^EVENT_[A-Z0-9_]+$/);
});
