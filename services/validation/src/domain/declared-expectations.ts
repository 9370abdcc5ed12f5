import type { Expectation } from "@cascade/tabular";
import type { Demands } from "./demands.ts";

/** What the pipeline's file demands, and what no batch can do without: rows. */
export function declaredExpectations({ columns, validation }: Demands): Expectation[] {
  const { min = 1, max } = validation.rowCount ?? {};
  return [
    { kind: "row-count", min: Math.max(1, min), ...(max === undefined ? {} : { max }) },
    ...columns.flatMap(({ name, type }): Expectation[] => [
      { kind: "column-present", column: name },
      { kind: "type", column: name, type },
    ]),
    ...validation.expectations.flatMap(ofColumn),
    ...(validation.unique === undefined
      ? []
      : [{ kind: "unique", columns: validation.unique } satisfies Expectation]),
  ];
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
