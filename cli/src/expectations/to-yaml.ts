import { printable } from "../follow/format.ts";
import type { Declared } from "./declared.ts";
import type { Suggestion } from "./suggest.ts";

const nothing: Declared = { expectations: [], settings: {} };

/**
 * The validation section of a pipeline file, what is declared already and what is suggested, with the reason for it. Values are written as JSON, which
 * is YAML too, so that no text of the data can mean anything else than itself.
 */
export function toYaml(suggestions: readonly Suggestion[], declared: Declared = nothing): string[] {
  const columns = Map.groupBy(
    suggestions.filter(({ column }) => column !== undefined),
    ({ column }) => column,
  );
  const lines = ["validation:"];
  if (columns.size + declared.expectations.length > 0) lines.push("  expectations:");
  // As they are, and apart from what is suggested of the same column: a severity is that of all around it.
  for (const expectation of declared.expectations) {
    lines.push(`    - ${JSON.stringify(expectation)} # declared`);
  }
  for (const [column, own] of columns) {
    lines.push(`    - column: ${JSON.stringify(column)}`);
    for (const suggestion of own) lines.push(...linesOf(suggestion, "      "));
  }
  for (const [name, value] of Object.entries(declared.settings)) {
    lines.push(`  ${name}: ${JSON.stringify(value)} # declared`);
  }
  for (const suggestion of suggestions.filter(({ column }) => column === undefined)) {
    lines.push(...linesOf(suggestion, "  "));
  }
  return lines;
}

function linesOf({ settings, because, doubt }: Suggestion, indent: string): string[] {
  const told = doubt === undefined ? because : `UNSURE, ${doubt}: ${because}`;
  return Object.entries(settings).map(
    ([name, value]) =>
      `${indent}${name}: ${JSON.stringify(value)} # ${printable(told).replaceAll(/\s+/g, " ")}`,
  );
}
