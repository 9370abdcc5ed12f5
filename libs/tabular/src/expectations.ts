import type { Profile } from "./profile-types.ts";
import type { ColumnType } from "./types.ts";

export type Scalar = string | number | boolean;

/**
 * What we demand of data. Missing values break only `not-null`: each expectation says one thing. Bounds of a
 * timestamp column are ISO 8601 text.
 */
export type Expectation =
  | { readonly kind: "column-present"; readonly column: string }
  | { readonly kind: "type"; readonly column: string; readonly type: ColumnType }
  | { readonly kind: "not-null"; readonly column: string; readonly maxNullShare?: number | undefined }
  | {
      readonly kind: "range";
      readonly column: string;
      readonly min?: number | string | undefined;
      readonly max?: number | string | undefined;
    }
  | { readonly kind: "allowed-values"; readonly column: string; readonly values: readonly Scalar[] }
  /** The whole text matches. The expressions are RE2's: no look-around, no back references, time linear in the text. */
  | { readonly kind: "pattern"; readonly column: string; readonly pattern: string }
  /** Neither NaN nor infinite. */
  | { readonly kind: "finite"; readonly column: string }
  /** A scalar SQL expression over the row's columns that must not be false. */
  | { readonly kind: "condition"; readonly sql: string; readonly name?: string | undefined }
  /** Each value is one of those in a column of another table that the check was given. */
  | { readonly kind: "references"; readonly column: string; readonly table: string; readonly of: string }
  /** No value is smaller than the one in the row before. */
  | { readonly kind: "ordered"; readonly column: string }
  | { readonly kind: "unique"; readonly columns: readonly string[] }
  | { readonly kind: "row-count"; readonly min?: number | undefined; readonly max?: number | undefined };

export type ExpectationResult = {
  readonly expectation: Expectation;
  readonly passed: boolean;
  /** Rows that break it; 0 for expectations of the whole dataset. */
  readonly failedRows: number;
  readonly message: string;
  /** The first row that breaks it, counted from 1, with its value. */
  readonly example?: { readonly row: number; readonly value: string | null };
};

export type CheckReport = {
  readonly rowCount: number;
  readonly results: readonly ExpectationResult[];
  readonly acceptedRows: number;
  readonly quarantinedRows: number;
};

const ALLOWED_VALUES_MAX = 50;
const ROWS_PER_VALUE_MIN = 10;

/** Expectations that data like the profiled data meets, with room for what is likely to vary. */
export function inferExpectations(profile: Profile): Expectation[] {
  const expectations: Expectation[] = [
    { kind: "row-count", min: Math.max(1, Math.floor(profile.rowCount / 2)) },
  ];
  for (const column of profile.columns) {
    const { name, type, nulls } = column;
    expectations.push({ kind: "column-present", column: name }, { kind: "type", column: name, type });
    // A column without a single value says nothing about its values.
    if (profile.rowCount === 0 || nulls === profile.rowCount) continue;
    const share = nulls / profile.rowCount;
    expectations.push({
      kind: "not-null",
      column: name,
      maxNullShare: nulls === 0 ? 0 : Math.min(1, round(share * 1.5 + 0.01)),
    });
    if (type === "string") {
      const few =
        column.distinctExact &&
        column.distinct <= ALLOWED_VALUES_MAX &&
        column.distinct * ROWS_PER_VALUE_MIN <= profile.rowCount;
      if (few)
        expectations.push({
          kind: "allowed-values",
          column: name,
          values: column.topValues.map(({ value }) => value),
        });
    }
    if (
      (type === "integer" || type === "number") &&
      typeof column.min === "number" &&
      typeof column.max === "number"
    ) {
      expectations.push({ kind: "range", column: name, ...widened(column.min, column.max, type) });
    }
  }
  return expectations;
}

/** Half of the width more on each side, but never across zero: what was never negative should not become so. */
function widened(min: number, max: number, type: "integer" | "number"): { min: number; max: number } {
  const room = (max - min) / 2 || Math.abs(max) / 2;
  const low = min >= 0 ? Math.max(0, min - room) : min - room;
  const high = max <= 0 ? Math.min(0, max + room) : max + room;
  return type === "integer" ? { min: Math.floor(low), max: Math.ceil(high) } : { min: low, max: high };
}

const round = (share: number) => Math.ceil(share * 10_000) / 10_000;
