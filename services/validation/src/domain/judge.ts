import type { ExpectationResult, Profile } from "@cascade/tabular";
import type { Demands } from "./demands.ts";

/** One expectation, where it came from, and how serious it is that it is not met. */
export interface Finding extends ExpectationResult {
  readonly origin: "declared" | "learned";
  readonly verdict: "met" | "warning" | "violation";
}

/** How much larger than learned the share of missing values must be to be more than unusual. */
const grossNullShare = 0.5;

/**
 * Weighs results. What was declared is a violation when it is not met. What was learned is a warning: data may
 * change, and nobody has said that they must not. Only a column that has lost its values is a violation, for a
 * model would learn from it that it means nothing: no value is left, or far more are missing than were.
 */
export function weigh(
  results: readonly ExpectationResult[],
  origin: Finding["origin"],
  rowCount: number,
): Finding[] {
  return results.map((result) => {
    if (result.passed) return { ...result, origin, verdict: "met" };
    if (origin === "declared") return { ...result, origin, verdict: "violation" };
    return { ...result, origin, verdict: hasLostItsValues(result, rowCount) ? "violation" : "warning" };
  });
}

function hasLostItsValues({ expectation, failedRows }: ExpectationResult, rowCount: number): boolean {
  if (expectation.kind !== "not-null" || failedRows === 0) return false;
  const learned = expectation.maxNullShare ?? 0;
  return failedRows === rowCount || failedRows >= (learned + grossNullShare) * rowCount;
}

/** A label that no row has teaches nothing. Where the pipeline's own demands have found that, it is told once. */
export function judgeLabel(profile: Profile, { label }: Demands, found: readonly Finding[]): Finding[] {
  const column = profile.columns.find(({ name }) => name === label);
  if (column === undefined || profile.rowCount === 0 || column.nulls < profile.rowCount) return [];
  const known = found.some(
    ({ expectation, verdict }) =>
      verdict === "violation" && expectation.kind === "not-null" && expectation.column === label,
  );
  if (known) return [];
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
