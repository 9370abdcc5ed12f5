import type { Expectation } from "../src/expectations.ts";

const channels = ["web", "store", "phone", "partner", "app", "fax"];

/** Twenty expectations that the table of the benchmark meets. */
export const rules: readonly Expectation[] = [
  { kind: "row-count", min: 1 },
  ...["id", "ordered_at", "amount", "price", "country"].map(
    (column): Expectation => ({ kind: "not-null", column }),
  ),
  { kind: "not-null", column: "score", maxNullShare: 0.1 },
  { kind: "not-null", column: "product", maxNullShare: 0.1 },
  { kind: "range", column: "quantity", min: 1, max: 50 },
  { kind: "range", column: "visits", min: 0 },
  { kind: "range", column: "store", min: 0, max: 2000 },
  { kind: "range", column: "amount", min: 0 },
  { kind: "range", column: "price", min: 0, max: 100 },
  { kind: "range", column: "temperature", min: -60, max: 100 },
  { kind: "range", column: "latitude", min: 30, max: 50 },
  { kind: "range", column: "score", min: 0, max: 1 },
  { kind: "range", column: "ordered_at", min: "2025-01-01T00:00:00Z" },
  { kind: "allowed-values", column: "channel", values: channels },
  {
    kind: "allowed-values",
    column: "country",
    values: Array.from({ length: 40 }, (_, n) => `country-${n}`),
  },
  { kind: "type", column: "customer", type: "string" },
];
