import type { Expectation } from "@cascade/tabular";
import type { Demands } from "./demands.ts";

/**
 * What the pipeline's file demands, and what no batch can do without: rows. Where rows are set aside, those
 * without a label are, whatever share of them the file allows: nothing can be learned from them.
 */
export function declaredExpectations({ columns, label, validation }: Demands): Expectation[] {
  const { min = 1, max } = validation.rowCount ?? {};
  const setsAside = validation.onViolation === "quarantine";
  const own = validation.expectations.flatMap(ofColumn);
  return [
    { kind: "row-count", min: Math.max(1, min), ...(max === undefined ? {} : { max }) },
    // The label first: it is what a reader of the violations has to know first.
    ...columns.toSorted(labelFirst(label)).flatMap(({ name, type }): Expectation[] => [
      { kind: "column-present", column: name },
      { kind: "type", column: name, type },
    ]),
    ...(setsAside ? [{ kind: "not-null", column: label, maxNullShare: 0 } satisfies Expectation] : []),
    ...own.filter(
      (expectation) => !(setsAside && expectation.kind === "not-null" && expectation.column === label),
    ),
    ...(validation.unique === undefined
      ? []
      : [{ kind: "unique", columns: validation.unique } satisfies Expectation]),
  ];
}

function labelFirst(label: string) {
  return (a: { name: string }, b: { name: string }) => Number(b.name === label) - Number(a.name === label);
}

function ofColumn({
  column,
  maxNullShare,
  min,
  max,
  allowed,
}: Demands["validation"]["expectations"][number]): Expectation[] {
  const found: Expectation[] = [];
  if (maxNullShare !== undefined) found.push({ kind: "not-null", column, maxNullShare });
  if (min !== undefined || max !== undefined) found.push({ kind: "range", column, min, max });
  if (allowed !== undefined) found.push({ kind: "allowed-values", column, values: allowed });
  return found;
}
