import { printable } from "../follow/format.ts";
import type { Suggestion } from "./suggest.ts";

/**
 * The validation section of a pipeline file, each setting with the reason for it. Values are written as JSON, which
 * is YAML too, so that no text of the data can mean anything else than itself.
 */
export function toYaml(suggestions: readonly Suggestion[]): string[] {
  const columns = Map.groupBy(
    suggestions.filter(({ column }) => column !== undefined),
    ({ column }) => column,
  );
  const lines = ["validation:"];
  if (columns.size > 0) lines.push("  expectations:");
  for (const [column, own] of columns) {
    lines.push(`    - column: ${JSON.stringify(column)}`);
    for (const suggestion of own) lines.push(...linesOf(suggestion, "      "));
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
