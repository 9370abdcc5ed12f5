import type { Expectation } from "../expectations.ts";
import type { ColumnProfile, Profile } from "../profile-types.ts";

/** How many rows break an expectation, where the profile of the same rows leaves no doubt; else undefined. */
export function brokenRowsByProfile(expectation: Expectation, profile: Profile): number | undefined {
  if (!("column" in expectation)) {
    const [name = ""] = expectation.kind === "unique" ? expectation.columns : [];
    const only = expectation.kind === "unique" && expectation.columns.length === 1;
    const column = only ? find(profile, name) : undefined;
    return column?.distinctExact && column.distinct === profile.rowCount - column.nulls ? 0 : undefined;
  }
  const column = find(profile, expectation.column);
  if (column === undefined) return undefined;
  switch (expectation.kind) {
    case "not-null":
      return column.nulls;
    case "finite":
      return column.nonFinite;
    case "range":
      return isWithin(column, expectation.min, expectation.max) ? 0 : undefined;
    case "allowed-values":
      return holdsOnly(column, new Set(expectation.values.map(String))) ? 0 : undefined;
    default:
      return undefined;
  }
}

const find = (profile: Profile, name: string) => profile.columns.find((column) => column.name === name);

function isWithin(
  { type, min, max, nonFinite }: ColumnProfile,
  low: number | string | undefined,
  high: number | string | undefined,
): boolean {
  if (nonFinite > 0 || min === null || max === null) return false;
  if (type === "timestamp") {
    // Parsing cuts microseconds off, so the largest time may be up to a millisecond later.
    return (
      (low === undefined || Date.parse(String(min)) >= Date.parse(String(low))) &&
      (high === undefined || Date.parse(String(max)) < Date.parse(String(high)))
    );
  }
  if (type !== "integer" && type !== "number") return false;
  return [
    [low, min],
    [max, high],
  ].every(([smaller, larger]) => smaller === undefined || larger === undefined || isAtMost(smaller, larger));
}

// Whole numbers beyond 2^53 have lost their last digits here.
const isAtMost = (a: unknown, b: unknown) =>
  typeof a === "number" &&
  typeof b === "number" &&
  Math.abs(a) <= Number.MAX_SAFE_INTEGER &&
  Math.abs(b) <= Number.MAX_SAFE_INTEGER &&
  a <= b;

function holdsOnly(column: ColumnProfile, allowed: ReadonlySet<string>): boolean {
  const { type, distinct, distinctExact, topValues, lengths } = column;
  if (!distinctExact || distinct > topValues.length) return false;
  // The engine's own text of these is not ours.
  if (type === "timestamp") return false;
  if (type === "number" && !topValues.every(({ value }) => Number.isSafeInteger(value))) return false;
  // Longer texts are cut in the profile.
  if (type === "string" && (lengths?.max ?? 0) > 256) return false;
  return topValues.every(({ value }) => allowed.has(String(value)));
}
