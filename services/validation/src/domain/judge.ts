import type { ExpectationResult, Profile } from "@cascade/tabular";
import type { BatchExpectation } from "./batch-expectations.ts";
import type { Severity } from "./declared-expectations.ts";
import type { Demands } from "./demands.ts";
import { learnedRowsMin } from "./learned-expectations.ts";

/** One expectation, where it came from, and how serious it is that it is not met. */
export interface Finding extends Omit<ExpectationResult, "expectation"> {
  readonly expectation: ExpectationResult["expectation"] | BatchExpectation;
  readonly origin: "declared" | "learned";
  readonly verdict: "met" | "warning" | "violation";
}

/** How much larger than learned the share of missing values must be to be more than unusual. */
const grossNullShare = 0.5;

/** Weighs what was declared: a violation, or a warning where the file has asked for no more. */
export function weighDeclared(
  results: readonly ExpectationResult[],
  severities: readonly Severity[],
): Finding[] {
  return results.map((result, index) => {
    const unmet = severities[index] === "warning" ? "warning" : "violation";
    return { ...result, origin: "declared", verdict: result.passed ? "met" : unmet };
  });
}

/**
 * Weighs what was learned. It is a warning where it is not met: data may change, and nobody has said that they
 * must not. Only a column that has lost its values is a violation, for a model would learn from it that it means
 * nothing: no value is left, or far more are missing than were. Of a few rows that says nothing.
 */
export function weighLearned(
  results: readonly ExpectationResult[],
  rowCount: number,
  demands: Demands,
): Finding[] {
  const isEnough = rowCount >= learnedRowsMin(demands);
  return results.map((result) => {
    const unmet = isEnough && hasLostItsValues(result, rowCount) ? "violation" : "warning";
    return { ...result, origin: "learned", verdict: result.passed ? "met" : unmet };
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
    if (expectation.kind === "column-present") return true;
    return !columnsOf(expectation).some((column) => missing.has(column));
  });
}

function columnsOf(expectation: Finding["expectation"]): readonly string[] {
  if ("columns" in expectation) return expectation.columns;
  return "column" in expectation ? [expectation.column] : [];
}

type OfRows = Exclude<
  ExpectationResult["expectation"],
  { readonly kind: "column-present" | "row-count" | "ordered" }
>;

/** Kinds of expectations that single rows meet or break. */
export const kindsOfRows: ReadonlySet<string> = new Set<OfRows["kind"]>([
  "type",
  "not-null",
  "range",
  "allowed-values",
  "pattern",
  "finite",
  "condition",
  "references",
  "unique",
]);

/** Whether rows can be set aside so that the rest meets the expectation. */
export function isOfRows(
  finding: Pick<Finding, "expectation" | "failedRows">,
): finding is Finding & { readonly expectation: OfRows } {
  return finding.failedRows > 0 && kindsOfRows.has(finding.expectation.kind);
}
