import { EvaluationPassedV1 } from "@cascade/contracts";
import { binary, type EventAnswer, type EventCase, structured } from "./event-input.ts";

const long = (length: number) => "x".repeat(length);

const attributes: readonly [attribute: string, what: string, value: string, wanted: EventAnswer][] = [
  ["id", "empty", "", "EVENT_ATTRIBUTE_INVALID"],
  ["id", "one character too long", long(257), "EVENT_ATTRIBUTE_INVALID"],
  ["id", "10,000 characters long", long(10_000), "EVENT_ATTRIBUTE_INVALID"],
  ["source", "empty", "", "EVENT_ATTRIBUTE_INVALID"],
  ["source", "one character too long", long(1025), "EVENT_ATTRIBUTE_INVALID"],
  ["type", "that of another event", "cascade.model-version.promoted.v1", "EVENT_SUBJECT_MISMATCH"],
  ["type", "of another version", "cascade.pipeline.submitted.v2", "EVENT_SUBJECT_MISMATCH"],
  ["type", "in another case", "Cascade.Pipeline.Submitted.v1", "EVENT_SUBJECT_MISMATCH"],
  ["subject", "another pipeline", "another", "EVENT_SUBJECT_MISMATCH"],
  ["subject", "empty", "", "EVENT_SUBJECT_MISMATCH"],
  ["subject", "a wildcard", "*", "EVENT_SUBJECT_MISMATCH"],
  ["subject", "a path", "../registry", "EVENT_SUBJECT_MISMATCH"],
  ["specversion", "0.3", "0.3", "EVENT_SPECVERSION_UNSUPPORTED"],
  ["specversion", "2.0", "2.0", "EVENT_SPECVERSION_UNSUPPORTED"],
  ["specversion", "1", "1", "EVENT_SPECVERSION_UNSUPPORTED"],
  ["datacontenttype", "XML", "application/xml", "EVENT_CONTENT_TYPE_UNSUPPORTED"],
  ["datacontenttype", "text", "text/plain", "EVENT_CONTENT_TYPE_UNSUPPORTED"],
  [
    "datacontenttype",
    "Java's serialisation",
    "application/x-java-serialized-object",
    "EVENT_CONTENT_TYPE_UNSUPPORTED",
  ],
  ["datacontenttype", "too long", `application/json;${long(300)}`, "EVENT_ATTRIBUTE_INVALID"],
  ["dataschema", "too long", `urn:${long(1100)}`, "EVENT_ATTRIBUTE_INVALID"],
  ["correlationid", "empty", "", "EVENT_ATTRIBUTE_INVALID"],
  ["correlationid", "too long", long(257), "EVENT_ATTRIBUTE_INVALID"],
  ["causationid", "too long", long(257), "EVENT_ATTRIBUTE_INVALID"],
  ["linkedcascade", "too long", long(257), "EVENT_ATTRIBUTE_INVALID"],
  ["partitionkey", "too long", long(257), "EVENT_ATTRIBUTE_INVALID"],
];

const times: readonly [string, EventAnswer][] = [
  ["yesterday", "EVENT_ATTRIBUTE_INVALID"],
  ["1767225600", "EVENT_ATTRIBUTE_INVALID"],
  ["2026-02-30T00:00:00Z", "EVENT_ATTRIBUTE_INVALID"],
  ["2026-01-01T25:00:00Z", "EVENT_ATTRIBUTE_INVALID"],
  ["2026-01-01T00:00:00", "EVENT_ATTRIBUTE_INVALID"],
  ["2026-01-01T00:00:00+99:00", "EVENT_ATTRIBUTE_INVALID"],
  ["2026-01-01T00:00:00 Europe/Oslo", "EVENT_ATTRIBUTE_INVALID"],
  ["+010000-01-01T00:00:00Z", "EVENT_ATTRIBUTE_INVALID"],
  ["2026-01-01", "EVENT_ATTRIBUTE_INVALID"],
  ["9999-12-31T23:59:59Z", "handled"],
  ["1970-01-01T00:00:00Z", "handled"],
  ["0001-01-01T00:00:00+14:00", "handled"],
];

const forbidden: readonly [string, string][] = [
  ["a zero character", "a\u0000b"],
  ["a line break and a header", "a\r\nNats-Rollup: all"],
  ["an escape of terminals", "a\u001b[2Jb"],
  ["a control character of Latin-1", "a\u0085b"],
  ["a character that is none", "a\ufffeb"],
];

const notText: readonly [string, unknown][] = [
  ["a number", 7],
  ["true", true],
  ["an object", { a: 1 }],
  ["a list", ["x"]],
  ["null", null],
];

const contentTypes: readonly [string, string, EventAnswer][] = [
  ["a batch", "application/cloudevents-batch+json", "EVENT_BATCH_UNSUPPORTED"],
  ["a batch in another format", "application/cloudevents-batch+xml", "EVENT_BATCH_UNSUPPORTED"],
  ["XML", "application/cloudevents+xml", "EVENT_FORMAT_UNSUPPORTED"],
  ["Avro", "application/cloudevents+avro", "EVENT_FORMAT_UNSUPPORTED"],
  ["Protobuf", "application/cloudevents+protobuf", "EVENT_FORMAT_UNSUPPORTED"],
  ["no format", "application/cloudevents", "EVENT_FORMAT_UNSUPPORTED"],
  ["JSON of no CloudEvent", "application/json", "EVENT_ATTRIBUTE_MISSING"],
  ["a form", "multipart/form-data; boundary=x", "EVENT_ATTRIBUTE_MISSING"],
  [
    "a structured event in capitals, with parameters",
    "Application/CloudEvents+JSON ; charset=UTF-8; x=y",
    "handled",
  ],
];

const wholes: readonly [string, string, EventAnswer][] = [
  ["a list", "[]", "EVENT_NOT_JSON"],
  ["null", "null", "EVENT_NOT_JSON"],
  ["a text", '"x"', "EVENT_NOT_JSON"],
  ["a number", "7", "EVENT_NOT_JSON"],
  ["nothing at all", "", "EVENT_NOT_JSON"],
  ["an empty object", "{}", "EVENT_ATTRIBUTE_MISSING"],
];

const versions: readonly [string, EventAnswer][] = [
  ["v2", "parked"],
  ["v99", "parked"],
  ["v99999999999999999999", "parked"],
  ["v0", "EVENT_TYPE_UNKNOWN"],
  ["v01", "EVENT_TYPE_UNKNOWN"],
  ["V1", "EVENT_TYPE_UNKNOWN"],
  ["v-1", "EVENT_TYPE_UNKNOWN"],
  ["v", "EVENT_TYPE_UNKNOWN"],
  ["v1e3", "EVENT_TYPE_UNKNOWN"],
  ["latest", "EVENT_TYPE_UNKNOWN"],
];

const forgers: readonly [string, string][] = [
  ["a person", "urn:ada"],
  ["another service", "/services/training"],
  ["the service in capitals", "/services/Evaluation"],
  ["the service with a slash behind it", "/services/evaluation/"],
  ["a path that leads to the service", "/services/x/../evaluation"],
  ["the service at a host", "https://evil.example/services/evaluation"],
  ["a source with the service's as a part", "x/services/evaluation"],
];

export const envelopeCases: readonly EventCase[] = [
  ...(["specversion", "id", "source", "type"] as const).flatMap((name): EventCase[] => [
    {
      name: `no header ce-${name}`,
      row: 6,
      wanted: "EVENT_ATTRIBUTE_MISSING",
      message: binary({ [`ce-${name}`]: undefined }),
    },
    {
      name: `no field ${name}`,
      row: 6,
      wanted: "EVENT_ATTRIBUTE_MISSING",
      message: structured({ [name]: undefined }),
    },
  ]),
  ...attributes.map(
    ([attribute, what, value, wanted]): EventCase => ({
      name: `${attribute} is ${what}`,
      row: 6,
      wanted,
      message: binary({ [`ce-${attribute}`]: value }),
    }),
  ),
  ...forbidden.flatMap(([name, value]): EventCase[] => [
    {
      name: `a header whose value stands for ${name}`,
      row: 6,
      wanted: "EVENT_ATTRIBUTE_INVALID",
      message: binary({ "ce-correlationid": encodeURIComponent(value) }),
    },
    {
      name: `a field with ${name}`,
      row: 6,
      wanted: "EVENT_ATTRIBUTE_INVALID",
      message: structured({ correlationid: value }),
    },
  ]),
  {
    name: "a field with half of a character",
    row: 6,
    wanted: "EVENT_ATTRIBUTE_INVALID",
    message: structured({ correlationid: "a\ud800" }),
  },
  ...notText.map(
    ([name, id]): EventCase => ({
      name: `an id that is ${name}`,
      row: 6,
      wanted: id === null ? "EVENT_ATTRIBUTE_MISSING" : "EVENT_ATTRIBUTE_INVALID",
      message: structured({ id }),
    }),
  ),
  ...contentTypes.map(
    ([name, contentType, wanted]): EventCase => ({
      name: `a content type of ${name}`,
      row: 6,
      wanted,
      message: structured({}, { contentType }),
    }),
  ),
  ...wholes.map(
    ([name, text, wanted]): EventCase => ({
      name: `a structured event that is ${name}`,
      row: 6,
      wanted,
      message: structured({}, { encode: () => text }),
    }),
  ),
  {
    name: "data in base64",
    row: 6,
    wanted: "EVENT_DATA_BASE64_UNSUPPORTED",
    message: structured({ data: undefined, data_base64: "e30=" }),
  },
  ...["%", "%zz", "%C3", "%ED%A0%80", "a%2"].map(
    (value): EventCase => ({
      name: `an encoding of a header that is none: ${value}`,
      row: 6,
      wanted: "EVENT_HEADER_ENCODING_INVALID",
      message: binary({ "ce-source": value }),
    }),
  ),
  {
    name: "a header twice, in different case",
    row: 6,
    wanted: "EVENT_ATTRIBUTE_REPEATED",
    message: binary({ "CE-ID": "other" }),
  },
  ...times.map(
    ([time, wanted]): EventCase => ({
      name: `the time ${time}`,
      row: 7,
      wanted,
      message: binary({ "ce-time": time }),
    }),
  ),
  ...versions.map(
    ([version, wanted]): EventCase => ({
      name: `the version ${version}`,
      row: 9,
      wanted,
      message: binary({}, { type: `cascade.pipeline.submitted.${version}` }),
    }),
  ),
  {
    name: "a schema at somebody else's host, which nobody fetches",
    row: 9,
    wanted: "handled",
    message: binary({ "ce-dataschema": "http://169.254.169.254/latest/meta-data" }),
  },
  ...forgers.map(
    ([name, source]): EventCase => ({
      name: `an event of evaluation from ${name}`,
      row: 15,
      wanted: "EVENT_SOURCE_FORGED",
      message: binary(
        {},
        { definition: EvaluationPassedV1, source, payload: JSON.stringify(EvaluationPassedV1.example) },
      ),
    }),
  ),
  {
    name: "an operator's event from a service",
    row: 15,
    wanted: "EVENT_SOURCE_FORGED",
    message: binary({ "ce-source": "/services/registry" }),
  },
];
