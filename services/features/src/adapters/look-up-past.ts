import { join } from "node:path";
import type { PastLookup } from "@cascade/tabular";
import type { Deps } from "../deps.ts";
import { aggregatedName, historyCreated, historyKey, historyTime } from "../domain/definition.ts";
import { lookupKeyColumn } from "../domain/keys.ts";
import type { PlannedLookup, ViewHistory } from "../domain/lookups.ts";
import { splitColumns, timeColumn } from "../domain/partition-columns.ts";
import type { View } from "../domain/view.ts";
import type { ComputedHistory } from "./compute-histories.ts";

/** Adds to the rows of all partitions what was known of their entities at their time. */
export async function lookUpPast(
  view: View,
  inputs: readonly string[],
  lookups: readonly PlannedLookup[],
  histories: ReadonlyMap<ViewHistory, ComputedHistory>,
  folder: string,
  { tabular }: Deps,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (lookups.length === 0) return inputs;
  const output = join(folder, "looked-up.parquet");
  const keep = [
    ...view.features.map(({ name }) => name),
    view.label,
    ...splitColumns(view).map(({ name }) => name),
  ];
  const asked = lookups.map((lookup) => pastLookup(lookup, histories.get(lookup.history)));
  await tabular.pointInTime({ inputs, time: timeColumn, keep, lookups: asked, output }, { signal });
  return [output];
}

function pastLookup(lookup: PlannedLookup, computed: ComputedHistory | undefined): PastLookup {
  const { history, on, ttlMs, values, aggregates } = lookup;
  return {
    history: historyOf(history, computed),
    key: lookupKeyColumn(on),
    columns: values,
    ttlMs: ttlMs ?? undefined,
    aggregates: aggregates.map(({ name, from }) => ({
      name,
      function: from.function,
      of: from.of === null ? undefined : aggregatedName(from.name),
      overMs: from.overMs,
    })),
  };
}

/** A history as the table engine reads it. */
export function historyOf(
  { definition }: Pick<ViewHistory, "definition">,
  computed: Pick<ComputedHistory, "files" | "expressions"> | undefined,
): PastLookup["history"] {
  return {
    files: computed?.files ?? [],
    columns: computed?.expressions ?? [],
    key: historyKey,
    time: historyTime,
    created: definition.createdTime === null ? undefined : historyCreated,
  };
}
