import { nearestName } from "@cascade/service-kit/nearest-name";
import type { z } from "zod";
import { show } from "./file-problem.ts";
import { typeInWords } from "./words.ts";

type Issue = z.core.$ZodIssue;

/**
 * A union says what is wrong with the value for each of its forms. A person meant one of them: the issues of
 * that form are returned, or a sentence that names the forms where none was meant.
 */
export function readUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  given: unknown,
  keys: readonly string[],
): (string | Issue)[] {
  const forms = issue.errors;
  const meant = forms.filter((form) => !form.some(isOtherType));
  if (meant.length === 0) return [sentence(forms, given, keys)];

  const conflicting = meant.map(unknownKeysOnly);
  if (meant.length > 1 && conflicting.every((names) => names !== undefined)) {
    return [`cannot have ${[...new Set(conflicting.flat())].join(" and ")} together: choose one`];
  }
  const scalar = typeof given !== "object" || given === null;
  if (scalar && forms.length > meant.length) return [sentence(forms, given, keys)];
  const [closest] = meant.toSorted((a, b) => foreignKeys(a) - foreignKeys(b) || a.length - b.length);
  return [...(closest ?? [])];
}

/** The keys that a person wrote say which form was meant, even where what they hold is wrong. */
function foreignKeys(form: readonly Issue[]): number {
  return form.reduce((sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length : 0), 0);
}

/** The form is of another type altogether, such as text where a mapping was written. */
function isOtherType(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === "invalid_type") return true;
  return issue.code === "invalid_value" && typeof issue.input === "object";
}

function unknownKeysOnly(form: readonly Issue[]): string[] | undefined {
  const keys = form.flatMap((issue) => (issue.code === "unrecognized_keys" ? issue.keys : []));
  return form.every(({ code }) => code === "unrecognized_keys") ? keys : undefined;
}

function sentence(forms: readonly (readonly Issue[])[], given: unknown, keys: readonly string[]): string {
  const choices = forms.flatMap((form) => form.slice(0, 1).map((issue) => formInWords(issue, keys)));
  const values = forms
    .flat()
    .flatMap((issue) => (issue.code === "invalid_value" ? issue.values.map(String) : []));
  const near = typeof given === "string" ? nearestName(given, values) : undefined;
  const question = near === undefined ? "" : `; did you mean ${near}?`;
  return `must be ${[...new Set(choices)].join(" or ")}, not ${show(given)}${question}`;
}

function formInWords(issue: Issue, keys: readonly string[]): string {
  switch (issue.code) {
    case "invalid_value":
      return `one of ${issue.values.join(", ")}`;
    case "invalid_type":
      return issue.expected === "object" && keys.length > 0
        ? `a mapping of ${keys.join(", ")}`
        : typeInWords(issue.expected);
    case "invalid_format":
      return "a moment in UTC such as 2026-03-01T06:00:00Z";
    default:
      return issue.message;
  }
}
