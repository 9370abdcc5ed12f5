import { type ColumnProfile, type Expectation, inferExpectations, type Profile } from "@cascade/tabular";
import { declaredExpectations } from "./declared-expectations.ts";
import type { Demands } from "./demands.ts";

const usualRowsMin = 100;

/** How many rows a batch must have to teach what is usual, and to be refused for being otherwise. */
export function learnedRowsMin({ validation }: Demands): number {
  const { infer, inferMinRows = usualRowsMin, distributions = [] } = validation;
  // Where only distributions are compared, each says itself how many rows that takes.
  return infer ? inferMinRows : Math.min(...distributions.map(({ minRows }) => minRows));
}

/**
 * What the first accepted batch teaches: about how many rows a batch has, and of the declared columns which
 * share of values may be missing, which categories there are and how far numbers reach. Types are declared
 * themselves, and no feature can read a column that is not. Where the pipeline's file says something itself,
 * nothing is learned about it.
 */
export function learnedExpectations(profile: Profile, demands: Demands): Expectation[] {
  const columns = new Set(demands.columns.map(({ name }) => name));
  // When "now" is makes no difference to what is spoken of.
  const said = new Set(
    declaredExpectations(demands, new Date(0)).map(({ expectation }) => subjectOf(expectation)),
  );
  if (demands.validation.rowCount === undefined) said.delete("row-count");
  const identifiers = new Set(
    profile.columns.filter((column) => isIdentifier(column, profile, demands)).map(({ name }) => name),
  );
  return inferExpectations(profile).filter((expectation) => {
    if (said.has(subjectOf(expectation))) return false;
    switch (expectation.kind) {
      case "row-count":
        return true;
      case "not-null":
      case "allowed-values":
        return columns.has(expectation.column);
      case "range": {
        const { column, min, max } = expectation;
        // Room for the largest numbers there are overflows, and then says nothing.
        return (
          columns.has(column) && !identifiers.has(column) && Number.isFinite(min) && Number.isFinite(max)
        );
      }
      default:
        return false;
    }
  });
}

const distinctShareOfIdentifiers = 0.9;

/** Numbers that are given one after another leave every range, and that means nothing. */
function isIdentifier(
  { name, type, distinct, nulls }: ColumnProfile,
  { rowCount }: Profile,
  { validation }: Demands,
): boolean {
  if (validation.unique?.includes(name) === true) return true;
  return type === "integer" && distinct >= distinctShareOfIdentifiers * (rowCount - nulls);
}

function subjectOf(expectation: Expectation): string {
  return "column" in expectation ? `${expectation.kind} ${expectation.column}` : expectation.kind;
}
