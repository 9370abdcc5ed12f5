import type { SqlColumn } from "@cascade/tabular";
import type { View } from "./view.ts";

// What orders or groups rows is kept under names of its own, because a feature may have the column's own name.
export const timeColumn = "cascade event time";
export const keyColumn = "cascade key";

/** What a partition holds: the features, the label, and what the rows are split by. */
export function partitionColumns(view: View): SqlColumn[] {
  const { features, label, eventTime, key } = view;
  return [
    ...features.map(({ name, sql }) => ({ name, sql })),
    { name: label, sql: quoted(label) },
    ...(eventTime === null ? [] : [{ name: timeColumn, sql: quoted(eventTime) }]),
    ...(key.length === 0 ? [] : [{ name: keyColumn, sql: keyOf(key) }]),
  ];
}

/** Rows without a label teach nothing: neither training nor the holdout can use them. */
export function hasLabel({ label, columns }: View): string {
  const isNumber = columns.some(({ name, type }) => name === label && type === "number");
  const present = `${quoted(label)} IS NOT NULL`;
  return isNumber ? `${present} AND NOT isnan(${quoted(label)})` : present;
}

/** What goes into a training set: exactly the features and the label. */
export function trainingColumns({ features, label }: View): string[] {
  return [...features.map(({ name }) => name), label];
}

/** Each part with its length before it, so that ("ab", "c") and ("a", "bc") are two keys. */
function keyOf(key: readonly string[]): string {
  const parts = key.map((column) => `coalesce(CAST(${quoted(column)} AS VARCHAR), '')`);
  return parts.map((part) => `CAST(length(${part}) AS VARCHAR) || ':' || ${part}`).join(" || ");
}

function quoted(column: string): string {
  return `"${column.replaceAll('"', '""')}"`;
}
