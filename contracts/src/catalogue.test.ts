import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { definitionOfType, eventDefinitions } from "./catalogue.ts";
import type { AnyEventDefinition } from "./event-definition.ts";
import { consumersOf } from "./generate/parties.ts";
import * as published from "./index.ts";
import { services } from "./services.ts";
import { maxEventBytes } from "./streams.ts";

const newest = [...Map.groupBy(eventDefinitions, (d) => `${d.entity}.${d.predicate}`).values()].map(
  (versions) => versions.toSorted((a, b) => b.version - a.version),
);

describe.each(
  eventDefinitions.map((definition): [string, AnyEventDefinition] => [definition.type, definition]),
)("%s", (_type, definition) => {
  test("the golden sample is valid, and reading it changes nothing", () => {
    expect(definition.schema.parse(definition.example)).toEqual(definition.example);
    expect(JSON.parse(JSON.stringify(definition.example))).toEqual(definition.example);
  });

  test("the golden sample fits into a message", () => {
    expect(Buffer.byteLength(JSON.stringify(definition.example))).toBeLessThan(maxEventBytes);
  });

  test("a field that nobody knows yet is tolerated", () => {
    expect(definition.schema.safeParse({ ...definition.example, fromTheFuture: 1 }).success).toBe(true);
  });

  test("data that are no object are refused", () => {
    for (const data of [null, undefined, [], "text", 5]) {
      expect(definition.schema.safeParse(data).success).toBe(false);
    }
  });

  test("it is named <entity>.<past predicate> in kebab-case, with its major version", () => {
    expect(definition.type).toMatch(/^cascade\.[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*\.v[1-9][0-9]*$/);
    expect(definition.type).toBe(
      `cascade.${definition.entity}.${definition.predicate}.v${definition.version}`,
    );
    expect(definition.predicate).toMatch(/(ed|en|ready|back|closed|unchanged)$/);
    expect(definition.summary).toMatch(/^[A-Z].*\.$/);
  });

  test("somebody reacts to it, or it says why nobody does: never both", () => {
    const isConsumed = consumersOf(definition).length > 0;
    expect(definition.terminal !== undefined).toBe(!isConsumed);
    expect(definition.terminal ?? "said").not.toBe("");
    expect(new Set(consumersOf(definition)).size).toBe(consumersOf(definition).length);
  });

  test("no service reacts to its own event, for it knows already", () => {
    expect(consumersOf(definition)).not.toContain(definition.owner);
  });
});

test("each file of an event is in the catalogue and published by the package", async () => {
  const files = (await readdir(join(import.meta.dirname, "events"))).filter(
    (name) => !name.includes(".test."),
  );
  const fileOf = ({ entity, predicate, version }: AnyEventDefinition) =>
    `${entity}-${predicate}.v${version}.ts`;
  expect(eventDefinitions.map(fileOf).sort()).toEqual(files.sort());
  const values = new Set<unknown>(Object.values(published));
  expect(eventDefinitions.filter((definition) => !values.has(definition))).toEqual([]);
});

test("types are unique, and a definition is found by its type", () => {
  for (const definition of eventDefinitions) expect(definitionOfType(definition.type)).toBe(definition);
  expect(definitionOfType("cascade.data.arrived.v99")).toBeUndefined();
  expect(definitionOfType("__proto__")).toBeUndefined();
});

test("versions of an event are numbered without gaps, each naming its predecessor, with one owner", () => {
  for (const versions of newest) {
    expect(versions.map((definition) => definition.version)).toEqual(
      versions.map((_, i) => versions.length - i),
    );
    expect(new Set(versions.map((definition) => definition.owner)).size).toBe(1);
    versions.forEach((definition, index) => {
      expect(definition.previous?.definition).toBe(versions[index + 1]);
    });
  }
});

test("the golden sample of every older version becomes valid data of the newest", () => {
  for (const { previous, schema } of eventDefinitions) {
    if (previous === undefined) continue;
    const upcast: (old: never) => unknown = previous.upcast;
    const old = previous.definition.example;
    expect(schema.safeParse(Reflect.apply(upcast, undefined, [old])).error).toBeUndefined();
  }
});

test("one file that arrived, told in version 1, is a batch of one file in version 2", () => {
  const { previous } = published.DataArrivedV2;
  if (previous === undefined) throw new Error("version 2 names no predecessor");
  expect(previous.definition).toBe(published.DataArrivedV1);
  const old = { uri: "s3://lake/w01.csv", format: "csv" };
  expect(Reflect.apply(previous.upcast, undefined, [old])).toEqual({ files: [old] });
});

test("the loop is closed: from data that arrived, reactions lead back to every service", () => {
  const reached = new Set<string>(["outside"]);
  for (let size = 0; size < reached.size; ) {
    size = reached.size;
    for (const definition of eventDefinitions) {
      if (reached.has(definition.owner))
        for (const consumer of consumersOf(definition)) reached.add(consumer);
    }
  }
  expect(services.filter((service) => !reached.has(service))).toEqual([]);
});

test("only what a service finds out by itself starts a cascade of its own", () => {
  for (const { startsCascade, owner } of eventDefinitions) {
    if (startsCascade) expect(services).toContain(owner);
  }
});

test("an event to be published keeps its data and its link, and a definition cannot be changed", () => {
  const event = published.DriftDetectedV1.create("p", published.DriftDetectedV1.example, {
    linkedTo: "root",
  });
  expect(event).toEqual({
    type: "cascade.drift.detected.v1",
    definition: published.DriftDetectedV1,
    pipeline: "p",
    data: published.DriftDetectedV1.example,
    linkedTo: "root",
  });
  expect(Object.isFrozen(published.DriftDetectedV1)).toBe(true);
});
