import type { Finding } from "./judge.ts";

/** What an expectation is called in an event. */
export function nameOf(expectation: Finding["expectation"]): string {
  switch (expectation.kind) {
    case "column-present":
      return "column present";
    case "type":
      return `type ${expectation.type}`;
    case "not-null":
      return missingAtMost(expectation.maxNullShare ?? 0);
    case "range":
      return between(expectation.min, expectation.max);
    case "allowed-values":
      return `one of ${expectation.values.slice(0, 20).join(", ")}${expectation.values.length > 20 ? ", …" : ""}`;
    case "pattern":
      return `matches ${expectation.pattern}`;
    case "finite":
      return "finite";
    case "condition":
      return expectation.name ?? expectation.sql;
    case "references":
      return `found in ${expectation.of} of ${expectation.table}`;
    case "ordered":
      return "in ascending order";
    case "fresh":
      return `not older than ${expectation.notBefore}`;
    case "varied":
      return "more than one value";
    case "distribution":
      return `spread as in the first batch (${expectation.test})`;
    case "no-leakage":
      return "does not give the label away";
    case "label-balance":
      return "classes spread as declared";
    case "unique":
      return `${expectation.columns.join(", ")} unique`;
    case "row-count":
      return `number of rows ${between(expectation.min, expectation.max)}`;
    default:
      return expectation satisfies never;
  }
}

function missingAtMost(share: number): string {
  return share === 0 ? "no value missing" : `at most ${Math.round(share * 10_000) / 100} % of values missing`;
}

function between(min: number | string | undefined, max: number | string | undefined): string {
  if (max === undefined) return `at least ${min ?? 0}`;
  return min === undefined ? `at most ${max}` : `from ${min} to ${max}`;
}
