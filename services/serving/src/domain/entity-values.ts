import type { Lookup, OnlineRow } from "@cascade/contracts";

export type EntityValues = Readonly<Record<string, string | number | boolean | null>>;

/**
 * What a lookup gives for an entity at a time: the values of its newest row unless that has expired, and the aggregates
 * of the step that holds then. Of a time that is not later than that row it gives what holds just after it. Of an
 * entity that nothing is known of, counts are 0 and everything else is missing.
 */
export function entityValues(lookup: Lookup, row: OnlineRow | undefined, timeMs: number): EntityValues {
  const isFresh =
    row !== undefined && (lookup.ttlMs === undefined || timeMs - Date.parse(row.time) <= lookup.ttlMs);
  const step = row?.steps.findLast(({ after }) => Date.parse(after) < timeMs) ?? row?.steps[0];
  return Object.fromEntries(
    lookup.columns.map(({ name, from, missing = null }) => {
      const isValue = row !== undefined && Object.hasOwn(row.values, from);
      const value = isValue ? (isFresh ? row.values[from] : null) : step?.values[from];
      return [name, value ?? missing];
    }),
  );
}
