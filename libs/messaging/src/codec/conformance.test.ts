import { describe, expect, test } from "vitest";
import { binary, envelope, limits, outcome, structured } from "./codec-fixtures.ts";
import { decode } from "./decode.ts";

// The cases of the CloudEvents conformance project, which has none for NATS, told for the NATS binding.

const json = '{"message":"Hello 🌍","count":3}';

describe("binary mode", () => {
  test.each([
    ["application/json"],
    ["application/json; charset=utf-8"],
    ["Application/JSON;charset=UTF-8"],
    ["application/vnd.flights+json"],
    ["text/json"],
    [undefined],
  ])("data of type %s is JSON", (type) => {
    const { data, envelope: read } = decode(binary({ "ce-datacontenttype": type }, json), limits);
    expect(data).toEqual({ message: "Hello 🌍", count: 3 });
    expect(read).toEqual({ ...envelope, ...(type === undefined ? {} : { datacontenttype: type }) });
  });

  test.each([
    ["text/plain; charset=us-ascii", "Hello"],
    ["text/plain; charset=utf-8", "Hello 🌍"],
    ["application/xml", "<a/>"],
    ["application/octet-stream", "\u0001"],
  ])("data of type %s is refused, because every event's data is JSON", (type, payload) => {
    expect(outcome(binary({ "ce-datacontenttype": type }, payload))).toBe("EVENT_CONTENT_TYPE_UNSUPPORTED");
  });

  test.each(['"text"', "[1,2]", '{"a":{}}', "12.5", "true", "null"])("%s is JSON data", (payload) => {
    expect(decode(binary({}, payload), limits).data).toEqual(JSON.parse(payload));
  });

  test("an event without data is legal", () => {
    expect(decode(binary({}, ""), limits)).toEqual({ envelope, data: undefined });
  });

  test("a plain Content-Type does not describe the data on NATS", () => {
    expect(outcome(binary({ "Content-Type": "text/plain" }, json))).toBe("accepted");
  });

  test("header names are matched ignoring case", () => {
    const { headers, ...rest } = binary({ "ce-time": "2026-03-01T06:00:00Z" });
    const shouted = [...headers].map(([name, value]): [string, string] => [name.toUpperCase(), value]);
    expect(decode({ ...rest, headers: shouted }, limits).envelope).toEqual({
      ...envelope,
      time: "2026-03-01T06:00:00Z",
    });
  });

  test.each([
    ["/a%20b%22%25", '/a b"%'],
    ["Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"],
    ["%e2%82%ac", "€"],
    ["%2541", "%41"],
    ["plain€", "plain€"],
    ['"in \\"quotes\\" and \\\\"', 'in "quotes" and \\'],
    ['"', '"'],
  ])("the header value %s means %s", (value, meaning) => {
    expect(decode(binary({ "ce-source": value }), limits).envelope.source).toBe(meaning);
  });

  test.each(["%C3", "%ED%A0%80", "%C0%AF", "%zz", "100%", "%F8%88%80%80%80"])(
    "the header value %s is refused, being no percent-encoded UTF-8",
    (value) => {
      expect(outcome(binary({ "ce-source": value }))).toBe("EVENT_HEADER_ENCODING_INVALID");
    },
  );

  test("extensions of others are tolerated and dropped", () => {
    const extensions = { "ce-comexampleextension1": "value", "ce-comexampleothervalue": '{"a":1}' };
    expect(decode(binary(extensions), limits).envelope).toEqual(envelope);
  });

  test("our extensions are kept", () => {
    const message = binary({ "ce-correlationid": "root", "ce-causationid": "cause", "ce-partitionkey": "p" });
    expect(decode(message, limits).envelope).toMatchObject({
      correlationid: "root",
      causationid: "cause",
      partitionkey: "p",
    });
  });
});

describe("structured mode", () => {
  test.each([
    "application/cloudevents+json",
    "application/cloudevents+json; charset=utf-8",
    "Application/CloudEvents+JSON ; charset=UTF-8; profile=x",
  ])("%s carries the event in the payload", (type) => {
    const message = structured({ data: JSON.parse(json) }, type);
    expect(decode(message, limits)).toEqual({ envelope, data: JSON.parse(json) });
  });

  test.each([["text"], [[1, "two"]], [{ a: 1 }], [null]])("%j is data", (data) => {
    expect(decode(structured({ data }), limits).data).toEqual(data);
  });

  test("an attribute that is null is absent", () => {
    expect(decode(structured({ time: null, correlationid: null }), limits).envelope).toEqual(envelope);
    expect(outcome(structured({ id: null }))).toBe("EVENT_ATTRIBUTE_MISSING");
  });

  test("XML as a string is refused, because every event's data is JSON", () => {
    expect(outcome(structured({ datacontenttype: "application/xml", data: "<a/>" }))).toBe(
      "EVENT_CONTENT_TYPE_UNSUPPORTED",
    );
  });

  test("extensions of any JSON type are tolerated and dropped", () => {
    const extensions = { sampledrate: 30, comexample: { nested: true }, flag: false };
    expect(decode(structured(extensions), limits).envelope).toEqual(envelope);
  });

  test("ce- headers beside a structured event do not count", () => {
    const message = structured();
    const headers: [string, string][] = [...message.headers, ["ce-id", "another"]].map(([a = "", b = ""]) => [
      a,
      b,
    ]);
    expect(decode({ ...message, headers }, limits).envelope.id).toBe(envelope.id);
  });

  test.each([
    ["application/cloudevents-batch+json", "EVENT_BATCH_UNSUPPORTED"],
    ["application/cloudevents-batch+json; charset=utf-8", "EVENT_BATCH_UNSUPPORTED"],
    ["application/cloudevents+xml", "EVENT_FORMAT_UNSUPPORTED"],
    ["application/cloudevents+avro", "EVENT_FORMAT_UNSUPPORTED"],
    ["application/cloudevents", "EVENT_FORMAT_UNSUPPORTED"],
  ])("%s is refused with %s", (type, code) => {
    expect(outcome(structured({}, type))).toBe(code);
  });
});
