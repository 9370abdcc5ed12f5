import { nextBelow } from "../../next-below.ts";
import type { ColumnSketch, TableSketch } from "../../sketch-types.ts";
import type { CanonicalColumn } from "../canonical.ts";
import type { Database } from "../database.ts";
import type { ColumnPlan } from "./column-plan.ts";
import { emptyKernel } from "./kernel.ts";
import { lookAt } from "./look-at.ts";
import { VALUES_MAX } from "./plan-column.ts";
import { readRowGroups } from "./row-groups.ts";
import { COLUMNS_AT_ONCE } from "./sketch-table.ts";

/** Counts a window in the cells that a reference has, in one scan of the columns that can be compared. */
export async function countWindow(
  database: Database,
  path: string,
  columns: readonly CanonicalColumn[],
  reference: TableSketch,
): Promise<TableSketch> {
  const groups = await readRowGroups(database, path);
  const source = { database, path, groups, kernel: emptyKernel() };
  const byName = new Map(reference.columns.map((column) => [column.name, column]));
  const plans = columns.flatMap((column): ColumnPlan[] => {
    const known = byName.get(column.name);
    const look = known?.type === column.type ? lookFor(known) : undefined;
    return look === undefined ? [] : [{ column, look }];
  });
  const found: ColumnSketch[] = [];
  for (let from = 0; from < plans.length; from += COLUMNS_AT_ONCE) {
    const tallies = await lookAt(source, undefined, plans.slice(from, from + COLUMNS_AT_ONCE));
    for (const tally of tallies.values())
      found.push(...[tally.finish()].filter((sketch) => sketch !== undefined));
  }
  return { rowCount: groups.rowCount, columns: found };
}

/** A window may have more numbers than a reference that lists them: it is counted between them. */
function lookFor({ type, content }: ColumnSketch): ColumnPlan["look"] | undefined {
  if (content.kind === "texts") return undefined;
  if (content.kind === "numbers") return { kind: "numbers", pivot: content.pivot, edges: content.edges };
  if (type === "string" || type === "boolean") return { kind: "few", valuesMax: VALUES_MAX };
  const below = type === "number" ? nextBelow : (value: number) => value - 1;
  const edges = new Set(content.values.flatMap(({ value }) => [below(Number(value)), Number(value)]));
  return { kind: "numbers", pivot: 0, edges: [...edges].sort((a, b) => a - b) };
}
