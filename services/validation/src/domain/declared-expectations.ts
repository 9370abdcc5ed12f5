import type { Expectation } from "@cascade/tabular";
import type { Demands } from "./demands.ts";

export type Severity = "error" | "warning";

/** What is demanded of the rows, and how serious it is where they are not so. */
export interface Declared {
  readonly expectation: Expectation;
  readonly severity: Severity;
}

/**
 * What the pipeline's file demands, and what no batch can do without: rows. Where rows are set aside, those
 * without a label are, whatever share of them the file allows: nothing can be learned from them.
 */
export function declaredExpectations(demands: Demands, now: Date): Declared[] {
  const { columns, key, label, validation } = demands;
  const { min = 1, max } = validation.rowCount ?? {};
  const setsAside = validation.onViolation === "quarantine";
  const own = validation.expectations.flatMap(ofColumn);
  return [
    error({ kind: "row-count", min: Math.max(1, min), ...(max === undefined ? {} : { max }) }),
    // The label first: it is what a reader of the violations has to know first.
    ...columns
      .toSorted(labelFirst(label))
      .flatMap(({ name, type }) => [
        error({ kind: "column-present", column: name }),
        error({ kind: "type", column: name, type }),
      ]),
    ...(setsAside ? [error({ kind: "not-null", column: label, maxNullShare: 0 })] : []),
    ...own.filter(
      ({ expectation }) => !(setsAside && expectation.kind === "not-null" && expectation.column === label),
    ),
    ...(validation.conditions ?? []).map(({ name, sql, severity = "error" }) => ({
      expectation: { kind: "condition" as const, sql, ...(name === undefined ? {} : { name }) },
      severity,
    })),
    ...(validation.references ?? []).map(({ column, pipeline, of, severity = "error" }) => ({
      expectation: { kind: "references" as const, column, table: pipeline, of },
      severity,
    })),
    ...ofEventTime(demands, now),
    ...(validation.unique === undefined ? [] : [error({ kind: "unique", columns: validation.unique })]),
    ...(key === undefined || sameColumns(key, validation.unique ?? [])
      ? []
      : [warning({ kind: "unique", columns: key })]),
    ...unsaid(demands, own),
  ];
}

// A day: clocks of other time zones are not of the future.
const unsaidFutureSeconds = 86_400;

const error = (expectation: Expectation): Declared => ({ expectation, severity: "error" });
const warning = (expectation: Expectation): Declared => ({ expectation, severity: "warning" });

function labelFirst(label: string) {
  return (a: { name: string }, b: { name: string }) => Number(b.name === label) - Number(a.name === label);
}

function sameColumns(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((column) => b.includes(column));
}

function ofColumn(own: Demands["validation"]["expectations"][number]): Declared[] {
  const { column, required, min, max, allowed, pattern, finite, severity = "error" } = own;
  const maxNullShare = own.maxNullShare ?? (required === true ? 0 : undefined);
  const found: Expectation[] = [];
  if (maxNullShare !== undefined) found.push({ kind: "not-null", column, maxNullShare });
  if (min !== undefined || max !== undefined) found.push({ kind: "range", column, min, max });
  if (allowed !== undefined) found.push({ kind: "allowed-values", column, values: allowed });
  if (pattern !== undefined) found.push({ kind: "pattern", column, pattern });
  if (finite === true) found.push({ kind: "finite", column });
  return found.map((expectation) => ({ expectation, severity }));
}

function ofEventTime({ eventTime: column, validation }: Demands, now: Date): Declared[] {
  if (column === undefined) return [];
  const { maxFutureSeconds, ordered, severity = "error" } = validation.eventTime ?? {};
  const until = (seconds: number): Expectation => ({
    kind: "range",
    column,
    max: new Date(now.getTime() + seconds * 1000).toISOString(),
  });
  return [
    // A row of the far future would be the newest one for years.
    maxFutureSeconds === undefined
      ? warning(until(unsaidFutureSeconds))
      : { expectation: until(maxFutureSeconds), severity },
    ...(ordered === true ? [{ expectation: { kind: "ordered" as const, column }, severity }] : []),
  ];
}

/** NaN and infinities are told where the file says nothing of them. As a label they are as good as no value. */
function unsaid({ columns, label, validation }: Demands, own: readonly Declared[]): Declared[] {
  const said = new Set(own.flatMap(({ expectation }) => boundedColumn(expectation) ?? []));
  return columns
    .filter(({ name, type }) => type === "number" && !said.has(name))
    .map(({ name: column }) => {
      const isLost = column === label && validation.onViolation === "quarantine";
      return (isLost ? error : warning)({ kind: "finite", column });
    });
}

function boundedColumn(expectation: Expectation): string | undefined {
  if (expectation.kind === "finite") return expectation.column;
  const isBounded =
    expectation.kind === "range" && expectation.min !== undefined && expectation.max !== undefined;
  return isBounded ? expectation.column : undefined;
}
