import { binary, type EventAnswer, type EventCase } from "./event-input.ts";

const trace = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;

const traceparents: readonly [string, string][] = [
  ["words", "garbage"],
  ["nothing", ""],
  ["8,000 characters", "x".repeat(8000)],
  ["the version that is forbidden", `ff${trace.slice(2)}`],
  ["a trace of zeros", `00-${"0".repeat(32)}-${"b".repeat(16)}-01`],
  ["a span of zeros", `00-${"a".repeat(32)}-${"0".repeat(16)}-01`],
  ["capitals", trace.toUpperCase()],
  ["more than its version allows", `${trace}-more`],
  ["a broken percent sign", "%zz%C3"],
  ["a script", "<script>alert(1)</script>"],
];

/** Headers by which a publisher asks the broker for something else than to store the message. */
const commands: readonly [string, string, EventAnswer][] = [
  ["Nats-Rollup", "all", "not stored"],
  ["Nats-Rollup", "sub", "not stored"],
  ["Nats-TTL", "1s", "not stored"],
  ["Nats-TTL", "never", "not stored"],
  ["Nats-Schedule", "@every 1s", "not stored"],
  ["Nats-Schedule-Target", "cascade.model-version.promoted.v1.flights", "handled"],
  ["Nats-Incr", "+1", "not stored"],
  ["Nats-Batch-Id", "batch", "not stored"],
  ["Nats-Expected-Stream", "CASCADE_REGISTRY", "not stored"],
  ["Nats-Expected-Last-Sequence", "999999999", "not stored"],
  ["Nats-Expected-Last-Msg-Id", "nobody", "not stored"],
  ["Nats-Expected-Last-Subject-Sequence", "999999999", "not stored"],
];

const oddHeaders: readonly [string, Readonly<Record<string, string>>, EventAnswer][] = [
  ["a zero byte", { "X-Other": "a\u0000b" }, "handled"],
  ["an escape of terminals", { "X-Other": "\u001b[2J" }, "handled"],
  ["bytes that are no UTF-8", { "X-Other": "\u00ff\u00fe" }, "handled"],
  ["a name of nothing", { "": "x" }, "handled"],
  ["a name of 8,000 characters", { [`X-${"y".repeat(8000)}`]: "z" }, "handled"],
  ["too many bytes", { "X-Other": "x".repeat(17_000) }, "EVENT_HEADERS_TOO_LARGE"],
  [
    "2,000 of them",
    Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`X-${i}`, "123456"])),
    "EVENT_HEADERS_TOO_LARGE",
  ],
  [
    "the name of what every object has",
    { ["__proto__"]: "x", constructor: "y", "ce-__proto__": "z" },
    "handled",
  ],
];

/** Control characters as they are, in what a dead letter would name its event by. */
const bareControls = (["ce-id", "ce-type", "ce-source", "ce-correlationid"] as const).flatMap((header) =>
  (
    [
      ["a zero byte", "\u0000"],
      ["an escape of terminals", "\u001b[2J"],
      ["a control character of Latin-1", "\u0085"],
    ] as const
  ).map(
    ([name, character]): EventCase => ({
      name: `${header} with ${name}`,
      row: 6,
      wanted: "EVENT_ATTRIBUTE_INVALID",
      message: binary({ [header]: `urn:a${character}b` }),
    }),
  ),
);

/** What stands where a pipeline's name belongs. */
const names: readonly [string, string, EventAnswer][] = [
  ["a wildcard for one token", "*", "EVENT_ATTRIBUTE_INVALID"],
  ["a wildcard for all", ">", "not stored"],
  ["a wildcard within", "a*b", "EVENT_ATTRIBUTE_INVALID"],
  ["a capital letter", "Flights", "EVENT_ATTRIBUTE_INVALID"],
  ["a dash at its beginning", "-flights", "EVENT_ATTRIBUTE_INVALID"],
  ["the broker's own prefix", "$JS", "EVENT_ATTRIBUTE_INVALID"],
  ["an inbox", "_INBOX", "EVENT_ATTRIBUTE_INVALID"],
  ["64 characters", "a".repeat(64), "EVENT_ATTRIBUTE_INVALID"],
  ["1,000 characters", "a".repeat(1000), "EVENT_ATTRIBUTE_INVALID"],
  ["a letter of another alphabet", "аpple", "EVENT_ATTRIBUTE_INVALID"],
  ["wide letters", "ｆｌｉｇｈｔｓ", "EVENT_ATTRIBUTE_INVALID"],
  ["a character of no width", "flights\u200b", "EVENT_ATTRIBUTE_INVALID"],
  ["text from right to left", "\u202estghilf", "EVENT_ATTRIBUTE_INVALID"],
  ["a slash", "a/b", "EVENT_ATTRIBUTE_INVALID"],
  ["a dot behind a percent sign", "a%2eb", "EVENT_ATTRIBUTE_INVALID"],
  ["what every object has", "__proto__", "EVENT_ATTRIBUTE_INVALID"],
  ["an escape of terminals", "a\u001b[2J", "EVENT_ATTRIBUTE_INVALID"],
  ["a zero byte", "a\u0000b", "EVENT_ATTRIBUTE_INVALID"],
  ["one token more", "a.b", "not stored"],
  ["nothing", "", "not stored"],
  ["a blank", "a b c", "not stored"],
  ["a line break and a command", "a\r\nPUB cascade.model-version.promoted.v1.b 2\r\n{}", "not stored"],
  ["5,000 characters", "b".repeat(5000), "not stored"],
];

export const headerAndSubjectCases: readonly EventCase[] = [
  ...traceparents.flatMap(([name, traceparent]): EventCase[] => [
    {
      name: `a trace of the event's own that is ${name}`,
      row: 8,
      wanted: "handled",
      message: binary({ "ce-traceparent": traceparent, "ce-tracestate": "a=b" }),
    },
    {
      name: `a trace of the last hop that is ${name}`,
      row: 8,
      wanted: "handled",
      message: binary({ traceparent, tracestate: "x".repeat(600) }),
    },
  ]),
  ...commands.map(
    ([header, value, wanted]): EventCase => ({
      name: `the header ${header}: ${value}`,
      row: 13,
      wanted,
      message: binary({ [header]: value }),
    }),
  ),
  ...oddHeaders.map(
    ([name, headers, wanted]): EventCase => ({
      name: `headers with ${name}`,
      row: 8,
      wanted,
      message: binary(headers),
    }),
  ),
  ...bareControls,
  ...names.map(
    ([name, pipeline, wanted]): EventCase => ({
      name: `a subject whose pipeline is ${name}`,
      row: 10,
      wanted,
      message: binary({ "ce-subject": undefined }, { pipeline }),
    }),
  ),
];
