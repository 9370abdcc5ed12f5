import type { Expectation, ExpectationResult } from "../expectations.ts";
import type { Column, ColumnType } from "../types.ts";
import { wrapped } from "./check-expression.ts";
import { orderQuery, uniqueJoin, uniqueQuery } from "./order-and-keys.ts";
import { findUnreferenced, type OtherTables } from "./references.ts";
import { double, name, text } from "./sql-text.ts";

/** An expectation as SQL: `violated` is a condition on one row, undefined where a row alone does not show it. */
export type RowRule = {
  readonly violated: string | undefined;
  /** Where it takes another table to see which rows of `input` break it: the join with that, and the condition. */
  readonly join?: (relation: string, alias: string) => { readonly from: string; readonly broken: string };
  /** Where a row alone does not show it: what counts rows that break it (`failed`), with the first (`row`, `value`). */
  readonly query?: (relation: string) => string;
  /** The expectation itself where its SQL comes from outside and may fail on a row. */
  readonly condition?: Extract<Expectation, { kind: "condition" }>;
  readonly shown: string;
  /** Why a row is quarantined. */
  readonly reason: string;
  readonly judge: (failedRows: number, example: ExpectationResult["example"]) => ExpectationResult;
};

/** Either the SQL of an expectation, or its result where no row needs to be looked at. */
export function compileExpectation(
  expectation: Expectation,
  columns: readonly Column[],
  rowCount: number,
  tables: OtherTables,
): RowRule | ExpectationResult {
  const wanted =
    "columns" in expectation ? expectation.columns : "column" in expectation ? [expectation.column] : [];
  const missing = wanted.filter((column) => !columns.some((found) => found.name === column));
  const whole = (passed: boolean, message: string): ExpectationResult => ({
    expectation,
    passed,
    failedRows: 0,
    message,
  });
  if (missing.length > 0) {
    return whole(
      false,
      `There is no column ${missing.map((column) => JSON.stringify(column)).join(", ")}. There are: ${columns.map((column) => JSON.stringify(column.name)).join(", ")}.`,
    );
  }
  const [first = ""] = wanted;
  const type = columns.find((column) => column.name === first)?.type ?? "string";

  switch (expectation.kind) {
    case "column-present":
      return whole(true, `Column ${JSON.stringify(first)} is present.`);
    case "type":
      return whole(
        type === expectation.type || (expectation.type === "number" && type === "integer"),
        `Column ${JSON.stringify(first)} is of type ${type}, expected ${expectation.type}.`,
      );
    case "row-count": {
      const { min = 0, max = Number.POSITIVE_INFINITY } = expectation;
      return whole(
        rowCount >= min && rowCount <= max,
        `There are ${rowCount} rows, expected ${between(min, max)}.`,
      );
    }
    case "not-null": {
      const allowed = expectation.maxNullShare ?? 0;
      const reason = `${JSON.stringify(first)} is missing`;
      return rowRule(expectation, `${name(first)} IS NULL`, name(first), reason, (failed) => ({
        passed: failed <= allowed * rowCount,
        message: `${JSON.stringify(first)} is missing in ${failed} of ${rowCount} rows (${share(failed, rowCount)}), allowed is ${share(allowed, 1)}.`,
      }));
    }
    case "range": {
      const { min, max } = expectation;
      const conditions = rangeConditions(first, type, min, max);
      if (conditions === undefined)
        return whole(false, doesNotApply(first, type, `a range from ${min} to ${max}`));
      return rowRule(
        expectation,
        conditions,
        name(first),
        `${JSON.stringify(first)} is out of range (${between(min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY)})`,
      );
    }
    case "allowed-values": {
      const values = expectation.values.map((value) => text(String(value)));
      // Compared as text in the form that JSON gives: 1 and 1.0 are one value, and true is "true".
      const shown =
        type === "number"
          ? `CASE WHEN ${name(first)} = trunc(${name(first)}) AND abs(${name(first)}) < 9e15 THEN CAST(CAST(${name(first)} AS BIGINT) AS VARCHAR) ELSE CAST(${name(first)} AS VARCHAR) END`
          : `CAST(${name(first)} AS VARCHAR)`;
      const condition =
        values.length === 0
          ? `${name(first)} IS NOT NULL`
          : `${name(first)} IS NOT NULL AND ${shown} NOT IN (${values.join(", ")})`;
      return rowRule(
        expectation,
        condition,
        name(first),
        `${JSON.stringify(first)} has a value that is not allowed`,
      );
    }
    case "pattern": {
      if (type !== "string") return whole(false, doesNotApply(first, type, "a pattern"));
      // A missing value gives NULL, which breaks nothing.
      const matches = `regexp_full_match(${name(first)}, ${text(expectation.pattern)})`;
      const reason = `${JSON.stringify(first)} does not match ${expectation.pattern.slice(0, 100)}`;
      return rowRule(expectation, `coalesce(NOT ${matches}, false)`, name(first), reason);
    }
    case "finite": {
      const reason = `${JSON.stringify(first)} is not a finite ${type === "timestamp" ? "time" : "number"}`;
      const canBeInfinite = type === "number" || type === "timestamp";
      const violated = canBeInfinite ? `coalesce(NOT isfinite(${name(first)}), false)` : "false";
      return rowRule(expectation, violated, name(first), reason);
    }
    case "condition": {
      const reason = `the condition ${nameOfCondition(expectation)} is not met`;
      // In parentheses once more: "a) OR (b" is one expression too, and all of it is meant.
      const violated = `coalesce(NOT (${wrapped(expectation.sql)}), false)`;
      return { ...rowRule(expectation, violated, "NULL", reason), condition: expectation };
    }
    case "references": {
      const { table, of } = expectation;
      const found = findUnreferenced(expectation, type, tables);
      if (typeof found === "string") return whole(false, found);
      const reason = `${JSON.stringify(first)} is nowhere in ${JSON.stringify(of)} of ${JSON.stringify(table)}`;
      return { ...rowRule(expectation, undefined, "''", reason), ...found };
    }
    case "ordered": {
      const reason = `${JSON.stringify(first)} is less than in the row before`;
      return { ...rowRule(expectation, undefined, "''", reason), query: orderQuery(first) };
    }
    case "unique": {
      const reason = `${wanted.map((column) => JSON.stringify(column)).join(" and ")} repeat${wanted.length === 1 ? "s" : ""} an earlier row`;
      return {
        ...rowRule(expectation, undefined, "''", reason),
        join: uniqueJoin(wanted),
        query: uniqueQuery(wanted),
      };
    }
    default:
      return expectation satisfies never;
  }
}

const doesNotApply = (column: string, type: ColumnType, what: string) =>
  `Column ${JSON.stringify(column)} is of type ${type}; ${what} does not apply to it.`;

/** How reports and reasons call a condition: its own name, or its SQL. */
export function nameOfCondition({ name: given, sql }: { name?: string | undefined; sql: string }): string {
  return JSON.stringify((given ?? sql).slice(0, 200));
}

function rowRule(
  expectation: Expectation,
  violated: string | undefined,
  shown: string,
  reason: string,
  verdict = (failed: number) => ({
    passed: failed === 0,
    message:
      failed === 0
        ? `No row where ${reason}.`
        : `${failed} ${failed === 1 ? "row" : "rows"} where ${reason}.`,
  }),
): RowRule {
  const judge: RowRule["judge"] = (failedRows, example) => ({
    expectation,
    ...verdict(failedRows),
    failedRows,
    ...(example === undefined || failedRows === 0 ? {} : { example }),
  });
  return { violated, shown, reason, judge };
}

function rangeConditions(
  column: string,
  type: ColumnType,
  min: number | string | undefined,
  max: number | string | undefined,
): string | undefined {
  const literal = (bound: number | string) => {
    if (type === "timestamp")
      return Number.isNaN(Date.parse(String(bound)))
        ? undefined
        : `TIMESTAMP ${text(new Date(bound).toISOString().replace("T", " ").replace("Z", ""))}`;
    return (type === "integer" || type === "number") && typeof bound === "number" ? double(bound) : undefined;
  };
  const conditions: string[] = [];
  for (const [bound, sign] of [
    [min, "<"],
    [max, ">"],
  ] as const) {
    if (bound === undefined) continue;
    const value = literal(bound);
    if (value === undefined) return undefined;
    conditions.push(`${name(column)} ${sign} ${value}`);
  }
  // For the engine NaN is larger than everything; for us it is in no range at all.
  if (type === "number") conditions.push(`isnan(${name(column)})`);
  else if (type !== "integer" && type !== "timestamp") return undefined;
  return conditions.length === 0 ? "false" : `coalesce(${conditions.join(" OR ")}, false)`;
}

function between(min: number | string, max: number | string): string {
  if (max === Number.POSITIVE_INFINITY) return `at least ${bound(min)}`;
  return min === Number.NEGATIVE_INFINITY ? `at most ${bound(max)}` : `${bound(min)} to ${bound(max)}`;
}

/** A bound that was calculated without the noise of its last digits: 88.2, not 88.19999999999999. */
const bound = (value: number | string) =>
  typeof value === "string" || Number.isInteger(value) ? value : Number(value.toPrecision(15));

const share = (part: number, whole: number) =>
  `${whole === 0 ? 0 : Math.round((part / whole) * 100_000) / 1_000} %`;
