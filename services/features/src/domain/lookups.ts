import type { Column, ColumnType, Lookup } from "@cascade/contracts";
import { z } from "zod";
import { viewProblems } from "../errors.ts";
import { Batch } from "./batch.ts";
import { type Aggregate, aggregatedName, Definition, definitionDigest } from "./definition.ts";
import type { View } from "./view.ts";

/** A view of this pipeline or of another one, with what is computed of it. */
export const ViewHistory = z.object({
  pipeline: z.string(),
  definition: Definition,
  digest: z.string(),
  batches: z.array(Batch),
});
export type ViewHistory = z.infer<typeof ViewHistory>;

/** What the rows of a training set learn of the past, and where it is found. */
export interface PlannedLookup {
  readonly history: ViewHistory;
  readonly on: readonly string[];
  readonly ttlMs: number | null;
  readonly values: readonly { readonly name: string; readonly from: string }[];
  readonly aggregates: readonly { readonly name: string; readonly from: Aggregate }[];
}

/** The view's own aggregates, and its joins. Throws what is wrong with a join to another pipeline. */
export function planLookups(
  pipeline: string,
  view: View,
  histories: readonly ViewHistory[],
): readonly PlannedLookup[] {
  const find = (owner: string, name: string) =>
    histories.find((history) => history.pipeline === owner && history.definition.name === name);
  const own = view.aggregates.length === 0 ? undefined : find(pipeline, view.name);
  const ownLookup =
    own === undefined
      ? []
      : [
          {
            history: own,
            on: view.entity,
            ttlMs: null,
            ...picked(
              view.aggregates.map(({ name }) => [name, name]),
              own,
            ),
          },
        ];
  const joins = view.joins.map(({ pipeline: owner, view: name, on, ttlMs, columns }): PlannedLookup => {
    const history = find(owner ?? pipeline, name);
    if (history === undefined) throw viewProblems.viewUnknown(owner ?? pipeline, name);
    checkEntity(view, on, history);
    return {
      history,
      on,
      ttlMs,
      ...picked(
        columns.map(({ name: feature, from }) => [feature, from]),
        history,
      ),
    };
  });
  return [...ownLookup, ...joins];
}

function picked(columns: readonly (readonly [string, string])[], { pipeline, definition }: ViewHistory) {
  const values: { name: string; from: string }[] = [];
  const aggregates: { name: string; from: Aggregate }[] = [];
  for (const [name, from] of columns) {
    const aggregate = definition.aggregates.find((one) => one.name === from);
    if (aggregate !== undefined) aggregates.push({ name, from: aggregate });
    else if (definition.values.some((one) => one.name === from)) values.push({ name, from });
    else throw viewProblems.viewLacksColumn(pipeline, definition.name, from);
  }
  return { values, aggregates };
}

function checkEntity(view: View, on: readonly string[], { definition }: ViewHistory): void {
  const typesOf = (columns: readonly Column[], names: readonly string[]) =>
    names.map((name) => columns.find((column) => column.name === name)?.type).join(", ");
  const [given, wanted] = [typesOf(view.columns, on), typesOf(definition.columns, definition.entity)];
  if (given !== wanted) throw viewProblems.entityDiffers(definition.name, wanted, given);
}

/** The types of a view's values and aggregates, from the types of its expressions. */
export function valueTypes(definition: Definition, expressions: readonly Column[]): Map<string, ColumnType> {
  const typeOf = new Map(expressions.map(({ name, type }) => [name, type]));
  const types = new Map(definition.values.map(({ name }) => [name, typeOf.get(name) ?? "string"]));
  for (const { name, function: calculated } of definition.aggregates) {
    const input = typeOf.get(aggregatedName(name)) ?? "integer";
    const isNumber = input === "integer" || input === "number";
    if (calculated === "count") types.set(name, "integer");
    else if (calculated !== "sum" && calculated !== "avg") types.set(name, input);
    else if (isNumber) types.set(name, "number");
    else throw viewProblems.aggregateOfNoNumber(name, calculated, input);
  }
  return types;
}

/** What serving needs to find the same values. */
export function servedLookup(
  { history, on, ttlMs, values, aggregates }: PlannedLookup,
  view: View,
  types: ReadonlyMap<string, ColumnType>,
): Lookup {
  const typeOf = (from: string) => types.get(from) ?? "string";
  return {
    pipeline: history.pipeline,
    view: history.definition.name,
    viewDigest: definitionDigest(history.definition),
    on: on.map((name) => ({ name, type: view.columns.find((one) => one.name === name)?.type ?? "string" })),
    time: view.eventTime ?? "",
    ...(ttlMs === null ? {} : { ttlMs }),
    columns: [
      ...values.map(({ name, from }) => ({ name, from, type: typeOf(from) })),
      ...aggregates.map(({ name, from }) => ({
        name,
        from: from.name,
        type: typeOf(from.name),
        ...(from.function === "count" ? { missing: 0 as const } : {}),
      })),
    ],
  };
}
