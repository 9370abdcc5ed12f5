import type { ExpectationResult, Profile } from "@cascade/tabular";
import type { Demands } from "./demands.ts";

/** One expectation, where it came from, and how serious it is that it is not met. */
export interface Finding extends ExpectationResult {
  readonly origin: "declared" | "learned";
  readonly verdict: "met" | "warning" | "violation";
}

/**
 * Weighs results. What was declared is a violation when it is not met. What was learned is one only when more
 * rows depart from it than `maxQuarantinedShare`: a new category in a few rows is news, in most rows a mix-up.
 */
export function weigh(
  results: readonly ExpectationResult[],
  origin: Finding["origin"],
  rowCount: number,
  { validation }: Demands,
): Finding[] {
  return results.map((result) => {
    if (result.passed) return { ...result, origin, verdict: "met" };
    if (origin === "declared") return { ...result, origin, verdict: "violation" };
    const { expectation, failedRows } = result;
    const expected = expectation.kind === "not-null" ? (expectation.maxNullShare ?? 0) : 0;
    const tolerated = (expected + validation.maxQuarantinedShare) * rowCount;
    return { ...result, origin, verdict: failedRows > tolerated ? "violation" : "warning" };
  });
}

/** A label that no row has teaches nothing. */
export function judgeLabel(profile: Profile, { label }: Demands): Finding[] {
  const column = profile.columns.find(({ name }) => name === label);
  if (column === undefined || profile.rowCount === 0 || column.nulls < profile.rowCount) return [];
  return [
    {
      expectation: { kind: "not-null", column: label },
      passed: false,
      failedRows: profile.rowCount,
      message: `The label ${JSON.stringify(label)} has no value in any row.`,
      origin: "declared",
      verdict: "violation",
    },
  ];
}

/** Leaves out what only repeats that a column is missing. */
export function withoutEchoes(findings: readonly Finding[]): Finding[] {
  const missing = new Set(
    findings.flatMap(({ expectation, passed }) =>
      expectation.kind === "column-present" && !passed ? [expectation.column] : [],
    ),
  );
  return findings.filter(({ expectation }) => {
    if (expectation.kind === "column-present" || expectation.kind === "row-count") return true;
    const columns = expectation.kind === "unique" ? expectation.columns : [expectation.column];
    return !columns.some((column) => missing.has(column));
  });
}

/** Whether rows can be set aside so that the rest meets the expectation. */
export function isOfRows({ expectation, failedRows }: ExpectationResult): boolean {
  return failedRows > 0 && expectation.kind !== "row-count" && expectation.kind !== "column-present";
}
