import type { SqlColumn } from "@cascade/tabular";
import { entityKey, keyOf, lookupKeyColumn, quoted } from "./keys.ts";
import { lookupKeys, type View } from "./view.ts";

// What orders or groups rows is kept under names of its own, because a feature may have the column's own name.
export const timeColumn = "cascade event time";
export const keyColumn = "cascade key";
export const identityColumn = "cascade identity";

/** What a partition holds: the features, the label, and what the rows are split and looked up by. */
export function partitionColumns(view: View): SqlColumn[] {
  const { features, label } = view;
  return [
    ...features.map(({ name, sql }) => ({ name, sql })),
    { name: label, sql: quoted(label) },
    ...splitColumns(view),
    ...lookupKeys(view).map((on) => ({ name: lookupKeyColumn(on), sql: entityKey(on) })),
  ];
}

/** What rows are split by, and told apart. */
export function splitColumns({ eventTime, key, identity }: View): SqlColumn[] {
  return [
    ...(eventTime === null ? [] : [{ name: timeColumn, sql: quoted(eventTime) }]),
    ...(key.length === 0 ? [] : [{ name: keyColumn, sql: keyOf(key) }]),
    // A row that lacks a part of its key is none that could come again.
    ...(identity.length === 0 ? [] : [{ name: identityColumn, sql: entityKey(identity) }]),
  ];
}

/** Rows without a label teach nothing: neither training nor the holdout can use them. */
export function hasLabel({ label, columns }: View): string {
  const isNumber = columns.some(({ name, type }) => name === label && type === "number");
  const present = `${quoted(label)} IS NOT NULL`;
  return isNumber ? `${present} AND NOT isnan(${quoted(label)})` : present;
}
