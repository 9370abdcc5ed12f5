import type { ColumnSketch, TableSketch } from "../../sketch-types.ts";
import type { CanonicalColumn } from "../canonical.ts";
import type { Database } from "../database.ts";
import type { ColumnPlan } from "./column-plan.ts";
import { type ClaimedBounds, readClaimedBounds } from "./column-stats.ts";
import { emptyKernel } from "./kernel.ts";
import { keysOf } from "./keys-of.ts";
import { lookAt } from "./look-at.ts";
import { mergeSketches } from "./merge-sketches.ts";
import { extendEdges, wholeBounds } from "./plan-cells.ts";
import { VALUES_MAX } from "./plan-column.ts";
import { groupOf, readRowGroups } from "./row-groups.ts";
import { COLUMNS_AT_ONCE, sketchTable } from "./sketch-table.ts";

/** A column that has grown often has more edges than are of use, and gets new ones from a look at all of it. */
const EDGES_MAX = 4096;

/**
 * The sketch of a table whose first rows are known already, from a look at the others. Columns that it cannot be
 * extended for, because they are new or have become columns of many values, are looked at as a whole.
 */
export async function extendSketch(
  database: Database,
  path: string,
  columns: readonly CanonicalColumn[],
  known: TableSketch,
): Promise<TableSketch> {
  const groups = await readRowGroups(database, path);
  const { rowCount } = groups;
  if (known.rowCount > rowCount) return sketchTable(database, path, columns);
  const source = { database, path, groups, kernel: emptyKernel() };
  const ranges = [{ from: known.rowCount, to: rowCount }];
  const firstNew = groupOf(groups, known.rowCount);
  const newShare = (rowCount - known.rowCount) / rowCount;
  const byName = new Map(known.columns.map((column) => [column.name, column]));
  const found = new Map<string, ColumnSketch>();
  for (let from = 0; from < columns.length; from += COLUMNS_AT_ONCE) {
    const plans: ColumnPlan[] = [];
    const some = columns.slice(from, from + COLUMNS_AT_ONCE);
    const claimed = await readClaimedBounds(database, path, some, from, firstNew);
    for (const column of some) {
      const before = byName.get(column.name);
      if (before?.type !== column.type) continue;
      if (before.content.kind === "numbers" && before.content.edges.length > EDGES_MAX) continue;
      if (rowCount === known.rowCount) found.set(column.name, before);
      else
        plans.push({ column, look: await lookAgain(database, before, claimed.get(column.name), newShare) });
    }
    for (const [name, tally] of await lookAt(source, ranges, plans)) {
      const before = byName.get(name);
      const added = tally.finish();
      const merged = before && added && mergeSketches(before, added, VALUES_MAX);
      if (merged !== undefined) found.set(name, merged);
    }
  }
  const rest = columns.filter(({ name }) => !found.has(name));
  if (rest.length > 0)
    for (const sketch of (await sketchTable(database, path, rest)).columns) found.set(sketch.name, sketch);
  return { rowCount, columns: columns.flatMap(({ name }) => found.get(name) ?? []) };
}

/** The plan by which a column was looked at before. */
async function lookAgain(
  database: Database,
  { content }: ColumnSketch,
  claimed: ClaimedBounds | undefined,
  newShare: number,
): Promise<ColumnPlan["look"]> {
  if (content.kind === "few") return { kind: "few", valuesMax: VALUES_MAX };
  if (content.kind === "numbers") {
    const newMax = claimed === undefined ? content.max : wholeBounds(claimed).max;
    const edges = extendEdges(content.edges, content.max, newMax, newShare);
    return { kind: "numbers", pivot: content.pivot, edges };
  }
  return { kind: "texts", frequent: await keysOf(database, content.frequent), patterns: content.patterns };
}
