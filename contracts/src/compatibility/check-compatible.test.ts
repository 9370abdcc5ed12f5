import { describe, expect, test } from "vitest";
import { z } from "zod";
import { eventDefinitions } from "../catalogue.ts";
import { eventSchema } from "../generate/event-schema.ts";
import { checkCompatible } from "./check-compatible.ts";

const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: "input" });
const problems = (before: z.ZodType, after: z.ZodType) => checkCompatible(schemaOf(before), schemaOf(after));

const base = z.object({
  id: z.string().min(1).max(256),
  kind: z.enum(["a", "b"]),
  rows: z.int().nonnegative(),
  share: z.number().gt(0).lt(1).optional(),
  tags: z.array(z.object({ name: z.string(), weight: z.number().optional() })).min(1),
  extra: z.record(z.string().max(10), z.number()).optional(),
  value: z.union([z.string(), z.array(z.number())]),
  version: z.literal(1),
});

describe("a breaking change is named with its place", () => {
  test.each([
    ["a removed property", base.omit({ share: true }), "data.share: was removed"],
    ["a removed required property", base.omit({ id: true }), "data.id: was removed"],
    ["a newly required property", base.extend({ by: z.string() }), "data.by: is newly required"],
    ["an optional one made required", base.required({ share: true }), "data.share: is newly required"],
    ["a required one made optional", base.partial({ rows: true }), "data.rows: is no longer required"],
    ["another type", base.extend({ id: z.number() }), "data.id: type was changed from string to number"],
    [
      "a narrower type",
      base.extend({ share: z.int().optional() }),
      "data.share: type was changed from number to integer",
    ],
    [
      "a nullable type",
      base.extend({ id: z.string().nullable() }),
      "data.id: type was changed from string to null or string",
    ],
    ["a removed enum value", base.extend({ kind: z.enum(["a"]) }), 'data.kind: "b" is no longer accepted'],
    [
      "a new enum",
      base.extend({ id: z.enum(["x"]) }),
      'data.id: only ["x"] is accepted now, anything of the type was before',
    ],
    ["another constant", base.extend({ version: z.literal(2) }), "data.version: 1 is no longer accepted"],
    [
      "a longer minimum",
      base.extend({ id: z.string().min(2).max(256) }),
      "data.id: minLength was narrowed from 1 to 2",
    ],
    [
      "a shorter maximum",
      base.extend({ id: z.string().min(1).max(255) }),
      "data.id: maxLength was narrowed from 256 to 255",
    ],
    [
      "a higher minimum",
      base.extend({ rows: z.int().positive() }),
      "data.rows: minimum was narrowed from 0 to 0 (excluded)",
    ],
    [
      "a new limit",
      base.extend({ tags: base.shape.tags.max(5) }),
      "data.tags: maxItems was narrowed from no limit to 5",
    ],
    [
      "a pattern",
      base.extend({ id: z.string().min(1).max(256).regex(/^a/) }),
      'data.id: pattern was changed from nothing to "^a"',
    ],
    [
      "something deep inside",
      base.extend({ tags: z.array(z.object({ name: z.string() })).min(1) }),
      "data.tags[].weight: was removed",
    ],
    [
      "narrower record values",
      base.extend({ extra: z.record(z.string().max(10), z.int()).optional() }),
      "data.extra.*: type was changed from number to integer",
    ],
    [
      "narrower record names",
      base.extend({ extra: z.record(z.string().max(9), z.number()).optional() }),
      "data.extra (names): maxLength was narrowed from 10 to 9",
    ],
    [
      "a lost alternative",
      base.extend({ value: z.string() }),
      'data.value: the alternative "array" is no longer accepted',
    ],
    [
      "a narrowed alternative",
      base.extend({ value: z.union([z.string(), z.array(z.int())]) }),
      "data.value[]: type was changed from number to integer",
    ],
  ])("%s", (_name, changed, problem) => {
    expect(problems(base, changed)).toContain(problem);
  });

  test("an object that refuses further properties", () => {
    expect(problems(base, z.strictObject(base.shape))).toEqual(["data.*: further ones are refused now"]);
  });

  test("a keyword that the check does not know", () => {
    expect(checkCompatible({ type: "string" }, { type: "string", contentMediaType: "text/plain" })).toEqual([
      "data: contentMediaType was changed, and whether that is compatible cannot be told",
    ]);
  });

  test("a tuple of another length", () => {
    const [one, two] = [z.tuple([z.string()]), z.tuple([z.string(), z.string()])];
    expect(problems(one, two)).toContain("data: has 2 positions instead of 1");
  });
});

describe("a compatible change is let through", () => {
  test.each([
    ["nothing", base],
    ["a new optional property", base.extend({ note: z.string().optional() })],
    ["a new property with a default", base.extend({ note: z.string().default("none") })],
    ["a further enum value", base.extend({ kind: z.enum(["a", "b", "c"]) })],
    ["a constant that becomes an enum", base.extend({ version: z.literal([1, 2]) })],
    ["wider limits", base.extend({ id: z.string().max(1000), share: z.number().gte(0).lte(1).optional() })],
    [
      "a further alternative",
      base.extend({ value: z.union([z.boolean(), z.string(), z.array(z.number())]) }),
    ],
    ["a description", base.describe("Says more.")],
    ["another order", z.object(Object.fromEntries(Object.entries(base.shape).toReversed()))],
  ])("%s", (_name, changed) => {
    expect(problems(base, changed)).toEqual([]);
  });

  test("an object that no longer refuses further properties", () => {
    expect(problems(z.strictObject(base.shape), base)).toEqual([]);
    expect(problems(z.strictObject(base.shape), base.catchall(z.string()))).toEqual([]);
  });
});

test("recursive schemas come to an end, and changes inside are found", () => {
  const tree = <T extends z.ZodType>(leaf: T) => {
    const Node = z.object({
      leaf,
      get children(): z.ZodOptional<z.ZodArray<z.ZodType>> {
        return z.array(Node).optional();
      },
    });
    return Node;
  };
  expect(problems(tree(z.string()), tree(z.string()))).toEqual([]);
  expect(problems(tree(z.string()), tree(z.number()))).toContain(
    "data.leaf: type was changed from string to number",
  );
  expect(problems(z.object({ a: z.json() }), z.object({ a: z.json() }))).toEqual([]);
});

test("a reference that leads nowhere is an error, not a pass", () => {
  expect(() => checkCompatible({ $ref: "#/$defs/missing" }, {})).toThrow(/leads nowhere/);
});

test("every event is compatible with itself", () => {
  for (const definition of eventDefinitions) {
    expect(checkCompatible(eventSchema(definition), eventSchema(definition))).toEqual([]);
  }
});

test("in every event, a property that vanishes or becomes required is noticed", () => {
  for (const definition of eventDefinitions) {
    const { properties = {}, required, ...rest } = eventSchema(definition);
    const [first = "", ...others] = Object.keys(Object(properties));
    const kept = Object.fromEntries(others.map((name) => [name, Reflect.get(Object(properties), name)]));
    const without = { ...rest, required, properties: kept };
    expect(checkCompatible({ ...rest, required, properties }, without)).toContain(
      `data.${first}: was removed`,
    );
    const stricter = {
      ...rest,
      required: [...(Array.isArray(required) ? required : []), "planted"],
      properties,
    };
    expect(checkCompatible({ ...rest, required, properties }, stricter)).toEqual([
      "data.planted: is newly required",
    ]);
  }
});
