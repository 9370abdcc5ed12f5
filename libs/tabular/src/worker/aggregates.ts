import { tabularErrors } from "../errors.ts";
import type { Column, ColumnType } from "../types.ts";
import type { OpenHistory } from "./history.ts";
import { known } from "./select.ts";
import { name } from "./sql-text.ts";

export type Aggregate = {
  readonly name: string;
  readonly function: "sum" | "count" | "avg" | "min" | "max" | "last";
  /** A column of the history; rows are counted where it is left out. */
  readonly of?: string | undefined;
  /** How far back it looks from the moment that is asked for; what happened at that very moment is not seen. */
  readonly overMs: number;
};

/**
 * The aggregates at moments, which are a relation with `cascade_key`, `cascade_time` and `cascade_row`. A moment
 * takes its place among the rows of its entity without being one of them; its window ends before it by a
 * microsecond, which is the least that times differ by.
 */
export function aggregatesAt(
  { table, columns }: OpenHistory,
  moments: string,
  aggregates: readonly Aggregate[],
): { readonly query: string; readonly columns: readonly Column[] } {
  const overs = [...new Set(aggregates.map(({ overMs }) => overMs))];
  const windows = overs.map(
    (overMs, index) =>
      `cascade_window_${index} AS (PARTITION BY cascade_key ORDER BY cascade_time RANGE BETWEEN to_microseconds(${Math.round(overMs * 1000)}) PRECEDING AND to_microseconds(1) PRECEDING)`,
  );
  const compiled = aggregates.map((aggregate) => compile(columns, aggregate));
  const values = compiled.map(({ sql }, index) => {
    const { name: column, overMs } = aggregates[index] as Aggregate;
    return `${sql(`OVER cascade_window_${overs.indexOf(overMs)}`)} AS ${name(column)}`;
  });
  const both = `(SELECT *, CAST(NULL AS BIGINT) AS cascade_row FROM ${table} UNION ALL BY NAME SELECT cascade_key, cascade_time, cascade_row FROM ${moments})`;
  return {
    query: `(SELECT cascade_row, ${values.join(", ")} FROM ${both} WINDOW ${windows.join(", ")} QUALIFY cascade_row IS NOT NULL)`,
    columns: compiled.map(({ type }, index) => ({ name: aggregates[index]?.name ?? "", type })),
  };
}

interface Compiled {
  readonly type: ColumnType;
  sql(over: string): string;
}

function compile(columns: readonly Column[], aggregate: Aggregate): Compiled {
  const { function: calculated, of } = aggregate;
  if (of === undefined) {
    if (calculated !== "count") throw refused(aggregate, "it does not say of what");
    return { type: "integer", sql: (over) => `count(cascade_ordinal) ${over}` };
  }
  const column = known(columns, of);
  const plain = name(column.name);
  // What is no number is no value: one of them would spoil every window that it is in.
  const value = column.type === "number" ? `CASE WHEN isnan(${plain}) THEN NULL ELSE ${plain} END` : plain;
  switch (calculated) {
    case "count":
      return { type: "integer", sql: (over) => `count(${value}) ${over}` };
    case "sum":
    case "avg":
      if (column.type !== "number" && column.type !== "integer")
        throw refused(aggregate, `it is a ${column.type} and no number`);
      return { type: "number", sql: (over) => `CAST(${calculated}(${value}) ${over} AS DOUBLE)` };
    case "min":
    case "max":
      return { type: column.type, sql: (over) => `${calculated}(${value}) ${over}` };
    case "last":
      return { type: column.type, sql: (over) => `arg_max(${value}, cascade_ordinal) ${over}` };
    default:
      return calculated satisfies never;
  }
}

function refused(aggregate: Aggregate, reason: string): Error {
  return tabularErrors.sqlRefused(
    aggregate.name,
    `a ${aggregate.function} of it cannot be taken: ${reason}.`,
  );
}
