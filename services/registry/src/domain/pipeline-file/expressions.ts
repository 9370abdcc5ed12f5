import type { PipelineSpec } from "@cascade/contracts";
import type { Path } from "./file-problem.ts";

/** A piece of SQL in a pipeline file. */
export interface Expression {
  readonly path: Path;
  readonly sql: string;
  /** What it is computed for, which says what it may give. */
  readonly gives: "feature" | "number" | "category" | "value" | "sum" | "condition";
}

/** All SQL of a pipeline over the columns of its data. What `joins` take are columns of views, and no SQL. */
export function expressionsOf({ features, validation }: PipelineSpec): Expression[] {
  return [
    ...ofView(features, ["features"], "feature"),
    ...Object.entries(features.views ?? {}).flatMap(([name, view]) =>
      ofView(view, ["features", "views", name], "value"),
    ),
    ...(validation.conditions ?? []).map(({ sql }, index): Expression => {
      return { path: ["validation", "conditions", index, "sql"], sql, gives: "condition" };
    }),
  ];
}

type Features = PipelineSpec["features"];
type AnyView = Pick<Features, "aggregates"> & { readonly columns?: Features["columns"] | undefined };

function ofView(
  { columns = {}, aggregates = {} }: AnyView,
  at: Path,
  gives: "feature" | "value",
): Expression[] {
  return [
    ...Object.entries(columns).map(([name, column]): Expression => {
      const path = [...at, "columns", name];
      if (typeof column === "string") return { path, sql: column, gives };
      return { path: [...path, "sql"], sql: column.sql, gives: gives === "feature" ? column.kind : gives };
    }),
    ...Object.entries(aggregates).flatMap(([name, { function: calculated, of }]): Expression[] => {
      const adds = calculated === "sum" || calculated === "avg";
      const path = [...at, "aggregates", name, "of"];
      return of === undefined ? [] : [{ path, sql: of, gives: adds ? "sum" : "value" }];
    }),
  ];
}

/** What is wrong with the type that an expression gives; undefined where a model, or an aggregate, can take it. */
export function misfit({ gives, sql }: Expression, type: string): string | undefined {
  const isModelled = gives === "feature" || gives === "number" || gives === "category";
  if (isModelled && type === "timestamp") {
    return `is a point in time, which a model cannot learn from as it is: take a part of it, such as hour(${sql}), or a number such as epoch(${sql})`;
  }
  if (gives === "number" && type === "string") {
    return "is declared a number but gives text: convert it, for example with try_cast, or declare it a category";
  }
  if (gives === "sum" && type !== "integer" && type !== "number") {
    return `gives values of type ${type}, of which there is neither a sum nor an average: convert them, for example with try_cast`;
  }
  // A number other than zero is true for the engine.
  const isTruth = type === "boolean" || type === "integer" || type === "number";
  return gives === "condition" && !isTruth ? `gives values of type ${type}, not true or false` : undefined;
}
