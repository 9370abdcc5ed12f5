import { nearestName } from "@cascade/service-kit/nearest-name";
import type { z } from "zod";
import { type Path, show } from "./file-problem.ts";
import type { SpecOutline } from "./spec-outline.ts";
import { readUnion } from "./union-issue.ts";
import { typeInWords } from "./words.ts";

export type Issue = z.core.$ZodIssue;

/** An issue in words, and whether it is about a setting's value or its name. */
export interface Described {
  readonly path: Path;
  readonly part: "value" | "key";
  readonly message: string;
}

/** Says what is wrong with a setting and what it may be; one issue may concern several settings. */
export function describeIssue(issue: Issue, base: Path, file: unknown, outline: SpecOutline): Described[] {
  const path: Path = [...base, ...issue.path.filter((step) => typeof step !== "symbol")];
  const given = valueAt(file, path);
  const one = (message: string, part: "value" | "key" = "value") => [{ path, part, message }];

  if (given === undefined && issue.code !== "unrecognized_keys" && issue.code !== "custom") {
    return one(missing(path, issue, outline));
  }
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...path, key],
        part: "key",
        message: unknownKey(key, path, given, outline),
      }));
    case "invalid_type":
      return one(mustBe(typeInWords(issue.expected), given));
    case "invalid_value":
      return one(notOneOf(issue.values.map(String), given));
    case "invalid_union":
      // One of its keys says which form is meant, and says none of them.
      if (issue.inclusive !== false && issue.options !== undefined) {
        return one(notOneOf(issue.options.map(String), given));
      }
      return readUnion(issue, given, outline.keysOf(path)).flatMap((part) =>
        typeof part === "string" ? one(part) : describeIssue(part, path, file, outline),
      );
    case "too_small":
    case "too_big":
      return one(`${outOfBounds(issue)}${typeof given === "number" ? `, not ${given}` : ""}`);
    case "invalid_format":
      return one(
        issue.format === "datetime"
          ? `must be a moment in UTC such as 2026-03-01T06:00:00Z, not ${show(given)}`
          : `${issue.message}, not ${show(given)}`,
      );
    case "invalid_key":
      return one("a name must have 1 to 128 characters", "key");
    case "not_multiple_of":
      return one(`must be a multiple of ${issue.divisor}`);
    default:
      return one(issue.message);
  }
}

export function valueAt(file: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, step)
        ? Reflect.get(value, step)
        : undefined,
    file,
  );
}

function missing(path: Path, issue: Issue, outline: SpecOutline): string {
  const description = outline.descriptionOf(path);
  if (description === undefined) {
    const keys = outline.keysOf(path);
    if (keys.length > 0) return `is missing: a mapping of ${keys.join(", ")}`;
    if (issue.code === "invalid_value") return `is missing: one of ${issue.values.join(", ")}`;
    return issue.code === "invalid_type" ? `is missing: ${typeInWords(issue.expected)}` : "is missing";
  }
  const words = description.replace(/\.$/, "");
  return `is missing: ${words.charAt(0).toLowerCase()}${words.slice(1)}`;
}

function mustBe(expected: string, given: unknown): string {
  if (given === null) return `is empty: it must be ${expected}`;
  return `must be ${expected}, not ${show(given)}`;
}

function notOneOf(values: readonly string[], given: unknown): string {
  const near = typeof given === "string" ? nearestName(given, values) : undefined;
  const choice = values.length === 1 ? `must be ${values[0]}` : `must be one of ${values.join(", ")}`;
  return `${choice}, not ${show(given)}${near === undefined ? "" : `; did you mean ${near}?`}`;
}

function unknownKey(key: string, path: Path, mapping: unknown, outline: SpecOutline): string {
  const known = outline.keysOf(path);
  const absent = known.filter((name) => valueAt(mapping, [name]) === undefined);
  if (known.includes(key)) {
    // The key belongs to another form of this mapping: either its value is wrong, or a neighbour is.
    const types = outline.typesOf([...path, key]);
    const given = valueAt(mapping, [key]);
    if (types.length === 1 && types[0] === "number" && typeof given !== "number") {
      return mustBe(typeInWords("number"), given);
    }
    const present = known.filter((name) => name !== key && !absent.includes(name));
    return `${key} cannot stand beside ${present.join(", ")}`;
  }
  const near = nearestName(key, absent);
  if (near !== undefined) return `${show(key)} is unknown here; did you mean ${near}?`;
  return `${show(key)} is unknown here; known are ${known.join(", ")}`;
}

function outOfBounds(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const small = issue.code === "too_small";
  const bound = String(small ? issue.minimum : issue.maximum);
  const inclusive = issue.inclusive !== false;
  switch (issue.origin) {
    case "string":
      return small && bound === "1"
        ? "must not be empty"
        : `must have ${small ? "at least" : "at most"} ${bound} characters`;
    case "array":
    case "set":
    case "map":
      return `must have ${small ? "at least" : "at most"} ${bound} ${bound === "1" ? "entry" : "entries"}`;
    default:
      return small
        ? `must be ${inclusive ? "at least" : "above"} ${bound}`
        : `must be ${inclusive ? "at most" : "below"} ${bound}`;
  }
}
