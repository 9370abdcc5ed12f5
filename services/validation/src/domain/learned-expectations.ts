import { type Expectation, inferExpectations, type Profile } from "@cascade/tabular";
import type { Demands } from "./demands.ts";

/**
 * What the first accepted batch teaches about the declared columns: which share of values may be missing, and
 * which categories there are. How many rows a batch has and how far its numbers reach is left out on purpose:
 * batches differ in size, and numbers that move are drift, which is a reason to train and not to refuse.
 */
export function learnedExpectations(profile: Profile, demands: Demands): Expectation[] {
  const declared = new Set(demands.columns.map(({ name }) => name));
  // Where the pipeline's file says it itself, nothing is learned.
  const said = declaredKinds(demands);
  return inferExpectations(profile).filter(
    (expectation) =>
      (expectation.kind === "not-null" || expectation.kind === "allowed-values") &&
      declared.has(expectation.column) &&
      !said.has(`${expectation.kind} ${expectation.column}`),
  );
}

function declaredKinds({ validation }: Demands): Set<string> {
  return new Set(
    validation.expectations.flatMap(({ column, maxNullShare, allowed }) => [
      ...(maxNullShare === undefined ? [] : [`not-null ${column}`]),
      ...(allowed === undefined ? [] : [`allowed-values ${column}`]),
    ]),
  );
}
