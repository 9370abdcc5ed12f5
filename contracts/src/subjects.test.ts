import { describe, expect, test } from "vitest";
import { eventDefinitions } from "./catalogue.ts";
import { Envelope } from "./envelope.ts";
import { DataArrivedV1 } from "./events/data-arrived.v1.ts";
import { isPipelineName, PipelineName } from "./pipeline-name.ts";
import { maxEventBytes, streamsFor } from "./streams.ts";
import { filterSubjectOf, schemaUriOf, streamOf, streamOfOwner, subjectOf } from "./subjects.ts";

const hostileNames = [
  "",
  "-a",
  "a.b",
  "*",
  ">",
  "a*",
  "a b",
  " a",
  "a\n",
  "a\r\nPUB x 0",
  "a\u0000",
  "$JS",
  "_INBOX",
  "Flights",
  "ﬂights",
  "аbc",
  "ａ",
  "a\u200b",
  "__proto__",
  "a".repeat(64),
  "a".repeat(5000),
];

test.each(hostileNames)("%j is no pipeline's name, and never becomes part of a subject", (name) => {
  expect(isPipelineName(name)).toBe(false);
  expect(PipelineName.safeParse(name).success).toBe(false);
  expect(Envelope.shape.subject.safeParse(name).success).toBe(false);
  expect(() => subjectOf(DataArrivedV1, name)).toThrow(RangeError);
});

test.each(["a", "0", "flight-delays", "a-", "a--b", "constructor", "a".repeat(63)])(
  "%j names a pipeline",
  (name) => {
    expect(subjectOf(DataArrivedV1, name)).toBe(`cascade.data.arrived.v1.${name}`);
  },
);

test("the refusal of a long name stays short", () => {
  expect(() => subjectOf(DataArrivedV1, "A".repeat(5000))).toThrow(/^.{1,250}$/);
});

test("a filter covers every version and pipeline of an event, and no other event", () => {
  for (const definition of eventDefinitions) {
    for (const other of eventDefinitions) {
      const same = definition.entity === other.entity && definition.predicate === other.predicate;
      expect(covers(filterSubjectOf(definition), subjectOf(other, "p"))).toBe(same);
    }
  }
  expect(covers(filterSubjectOf(DataArrivedV1), "cascade.data.arrived.v99.p")).toBe(true);
});

describe("streams", () => {
  const streams = streamsFor(eventDefinitions);

  test("each event is in exactly one stream, the one it names", () => {
    for (const definition of eventDefinitions) {
      const holding = streams.filter(({ subjects }) =>
        subjects.some((subject) => covers(subject, subjectOf(definition, "p"))),
      );
      expect(holding.map((stream) => stream.name)).toEqual([streamOf(definition)]);
    }
  });

  test("names are unique and legal in JetStream", () => {
    expect(new Set(streams.map((stream) => stream.name)).size).toBe(streams.length);
    for (const { name } of streams) expect(name).toMatch(/^CASCADE_[A-Z_]{1,50}$/);
  });

  test("no volatile stream has the name of an owner's stream", () => {
    const volatile = new Set(eventDefinitions.filter((d) => d.volatile).map(streamOf));
    for (const { owner } of eventDefinitions) expect(volatile).not.toContain(streamOfOwner(owner));
  });

  test("only streams of volatile events forget, and only they drop the old for the new", () => {
    for (const stream of streams) {
      const members = eventDefinitions.filter((definition) => streamOf(definition) === stream.name);
      const volatile = members.every((definition) => definition.volatile);
      expect(members.some((definition) => definition.volatile)).toBe(volatile);
      expect(stream.discard).toBe(volatile ? "old" : "new");
      expect(stream.maxAgeMs > 0).toBe(volatile);
      expect(stream.maxMessageBytes).toBeGreaterThan(maxEventBytes);
    }
  });
});

test("the schema of each type has an address of its own", () => {
  expect(new Set(eventDefinitions.map(({ type }) => schemaUriOf(type))).size).toBe(eventDefinitions.length);
});

/** NATS's own rule for the wildcards that we use: `*` stands for one token. */
function covers(filter: string, subject: string): boolean {
  const wanted = filter.split(".");
  const tokens = subject.split(".");
  return wanted.length === tokens.length && wanted.every((token, i) => token === "*" || token === tokens[i]);
}
