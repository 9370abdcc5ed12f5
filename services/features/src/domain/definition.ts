import { createHash } from "node:crypto";
import { Column } from "@cascade/contracts";
import type { SqlColumn } from "@cascade/tabular";
import { z } from "zod";
import { entityKey, quoted } from "./keys.ts";

export const Aggregate = z.object({
  name: z.string(),
  function: z.enum(["sum", "count", "avg", "min", "max", "last"]),
  /** An expression; rows are counted where there is none. */
  of: z.string().nullable(),
  overMs: z.int().positive(),
});
export type Aggregate = z.infer<typeof Aggregate>;

/** A view as the history of its entities: what is known of each, and since when. */
export const Definition = z.object({
  name: z.string(),
  columns: z.array(Column),
  label: z.string(),
  eventTime: z.string(),
  createdTime: z.string().nullable(),
  entity: z.array(z.string()).min(1),
  values: z.array(z.object({ name: z.string(), sql: z.string() })),
  aggregates: z.array(Aggregate),
  shared: z.boolean(),
});
export type Definition = z.infer<typeof Definition>;

/** The version of a view: what its values depend on, and nothing else. Who may use it does not change them. */
export function definitionDigest({ shared: _, ...definition }: Definition): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(definition)).digest("hex")}`;
}

export const historyKey = "cascade key";
export const historyTime = "cascade event time";
export const historyCreated = "cascade created";

/** What the history of one batch holds. */
export function historyColumns(definition: Definition): SqlColumn[] {
  const { entity, eventTime, createdTime } = definition;
  return [
    { name: historyKey, sql: entityKey(entity) },
    { name: historyTime, sql: quoted(eventTime) },
    ...(createdTime === null ? [] : [{ name: historyCreated, sql: quoted(createdTime) }]),
    ...valueColumns(definition),
  ];
}

/** The expressions of a definition: its values, and what is aggregated. */
export function valueColumns({ values, aggregates }: Definition): SqlColumn[] {
  return [
    ...values.map(({ name, sql }) => ({ name, sql })),
    ...aggregates.flatMap(({ name, of }) => (of === null ? [] : [{ name: aggregatedName(name), sql: of }])),
  ];
}

/** The column that an aggregate is taken of: a value of the view may have the aggregate's own name elsewhere. */
export function aggregatedName(aggregate: string): string {
  return `cascade of ${aggregate}`;
}

/** Rows that belong to nobody, or to no time, are no history. */
export function isHistory({ entity, eventTime }: Definition): string {
  return [...entity, eventTime].map((column) => `${quoted(column)} IS NOT NULL`).join(" AND ");
}
