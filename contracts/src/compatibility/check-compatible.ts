import { isDeepStrictEqual } from "node:util";
import { boundKeywords, narrowedBounds } from "./bounds.ts";
import { arrayOf, asSchema, type JsonSchema, resolve, schemasOf } from "./json-schema.ts";

interface Comparison {
  readonly oldRoot: JsonSchema;
  readonly newRoot: JsonSchema;
  /** Pairs of references that are being compared further up, so that recursive schemas come to an end. */
  readonly open: ReadonlySet<string>;
}

/**
 * What in a new schema would harm those who know the old one, as sentences; none means compatible.
 *
 * Both sides of an event are looked at. Events that exist must stay valid, so nothing may become required
 * or narrower. Readers must find what they count on, so nothing may vanish, become optional or change its
 * type. Wider limits and further enum values are allowed: consumers are deployed before producers use them.
 */
export function checkCompatible(oldSchema: JsonSchema, newSchema: JsonSchema): string[] {
  return compare(oldSchema, newSchema, "data", { oldRoot: oldSchema, newRoot: newSchema, open: new Set() });
}

function compare(before: JsonSchema, after: JsonSchema, path: string, comparison: Comparison): string[] {
  const pair = `${String(before.$ref)} ${String(after.$ref)}`;
  const isReference = before.$ref !== undefined || after.$ref !== undefined;
  if (isReference && comparison.open.has(pair)) return [];
  const next = isReference ? { ...comparison, open: new Set([...comparison.open, pair]) } : comparison;
  const old = resolve(before, comparison.oldRoot);
  const now = resolve(after, comparison.newRoot);
  if (alternatives(old) || alternatives(now)) return compareAlternatives(old, now, path, next);
  return [
    ...compareValue(old, now).map((problem) => `${path}: ${problem}`),
    ...compareProperties(old, now, path, next),
    ...compareContents(old, now, path, next),
  ];
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] | undefined {
  const options = schema.anyOf ?? schema.oneOf;
  return Array.isArray(options) ? options.map(asSchema) : undefined;
}

/** Each of the old alternatives must still be accepted by one of the new ones. */
function compareAlternatives(
  old: JsonSchema,
  now: JsonSchema,
  path: string,
  comparison: Comparison,
): string[] {
  const before = alternatives(old) ?? [old];
  const after = alternatives(now) ?? [now];
  return before.flatMap((option, index) => {
    const attempts = after.map((candidate) => compare(option, candidate, path, comparison));
    if (attempts.some((problems) => problems.length === 0)) return [];
    const sameIndex = before.length === after.length ? attempts[index] : undefined;
    return sameIndex ?? [`${path}: the alternative ${nameOf(option)} is no longer accepted`];
  });
}

function nameOf(schema: JsonSchema): string {
  return JSON.stringify(schema.const ?? schema.enum ?? schema.type ?? schema.$ref ?? schema).slice(0, 80);
}

const exactKeywords = ["pattern", "format", "multipleOf", "uniqueItems", "contentEncoding", "allOf", "not"];
const comparedKeywords = new Set([
  ...boundKeywords,
  ...exactKeywords,
  ...["type", "const", "enum", "anyOf", "oneOf", "$ref", "$defs", "definitions"],
  ...["properties", "required", "additionalProperties", "propertyNames", "items", "prefixItems"],
  // These only describe.
  ...["$id", "$schema", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly"],
]);

function compareValue(old: JsonSchema, now: JsonSchema): string[] {
  const problems = narrowedBounds(old, now);
  if (!isDeepStrictEqual(typesOf(old), typesOf(now))) {
    problems.push(`type was changed from ${typesOf(old).join(" or ")} to ${typesOf(now).join(" or ")}`);
  }
  problems.push(...lostValues(old, now));
  for (const keyword of exactKeywords) {
    if (now[keyword] !== undefined && !isDeepStrictEqual(old[keyword], now[keyword])) {
      problems.push(`${keyword} was changed from ${text(old[keyword])} to ${text(now[keyword])}`);
    }
  }
  for (const keyword of new Set([...Object.keys(old), ...Object.keys(now)])) {
    if (!comparedKeywords.has(keyword) && !isDeepStrictEqual(old[keyword], now[keyword])) {
      problems.push(`${keyword} was changed, and whether that is compatible cannot be told`);
    }
  }
  return problems;
}

function typesOf(schema: JsonSchema): readonly string[] {
  if (schema.type === undefined) return ["anything"];
  return (Array.isArray(schema.type) ? schema.type : [schema.type]).map(String).sort();
}

/** A constant is a set of one value. */
function valuesOf(schema: JsonSchema): readonly unknown[] | undefined {
  if (schema.const !== undefined) return [schema.const];
  return Array.isArray(schema.enum) ? schema.enum : undefined;
}

function lostValues(old: JsonSchema, now: JsonSchema): string[] {
  const after = valuesOf(now);
  if (after === undefined) return [];
  const before = valuesOf(old);
  if (before === undefined) return [`only ${text(after)} is accepted now, anything of the type was before`];
  const lost = before.filter((value) => !after.some((other) => isDeepStrictEqual(value, other)));
  return lost.length === 0 ? [] : [`${lost.map(text).join(", ")} is no longer accepted`];
}

function compareProperties(old: JsonSchema, now: JsonSchema, path: string, comparison: Comparison): string[] {
  const before = schemasOf(old.properties);
  const after = schemasOf(now.properties);
  const wasRequired = new Set(arrayOf(old.required));
  const isRequired = new Set(arrayOf(now.required));
  const problems: string[] = [];
  for (const [name, schema] of before) {
    const at = `${path}.${name}`;
    const successor = after.get(name);
    if (successor === undefined) {
      problems.push(`${at}: was removed`);
      continue;
    }
    if (wasRequired.has(name) && !isRequired.has(name)) problems.push(`${at}: is no longer required`);
    problems.push(...compare(schema, successor, at, comparison));
  }
  for (const name of isRequired) {
    if (!wasRequired.has(name)) problems.push(`${path}.${String(name)}: is newly required`);
  }
  return problems;
}

function compareContents(old: JsonSchema, now: JsonSchema, path: string, comparison: Comparison): string[] {
  const inner = (keyword: string, suffix: string): string[] => {
    const after = now[keyword];
    if (after === undefined || after === true || old[keyword] === false) return [];
    if (after === false) return [`${path}${suffix}: further ones are refused now`];
    return compare(asSchema(old[keyword]), asSchema(after), `${path}${suffix}`, comparison);
  };
  const before = arrayOf(old.prefixItems);
  const after = arrayOf(now.prefixItems);
  return [
    ...inner("items", "[]"),
    ...inner("additionalProperties", ".*"),
    ...inner("propertyNames", " (names)"),
    ...(before.length === after.length
      ? []
      : [`${path}: has ${after.length} positions instead of ${before.length}`]),
    ...before.flatMap((schema, index) =>
      index < after.length
        ? compare(asSchema(schema), asSchema(after[index]), `${path}[${index}]`, comparison)
        : [],
    ),
  ];
}

function text(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
