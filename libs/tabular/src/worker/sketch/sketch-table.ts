import type { ColumnSketch, TableSketch } from "../../sketch-types.ts";
import type { CanonicalColumn } from "../canonical.ts";
import type { Database } from "../database.ts";
import type { ColumnPlan } from "./column-plan.ts";
import { type ClaimedBounds, readClaimedBounds } from "./column-stats.ts";
import { emptyKernel } from "./kernel.ts";
import { lookAt, type Source } from "./look-at.ts";
import { planColumn, planMany, VALUES_MAX } from "./plan-column.ts";
import { readRowGroups, sampleRanges } from "./row-groups.ts";

const SAMPLE_GROUPS = 8;
const SAMPLE_ROWS = 8_192;
const SAMPLE_VALUES = 2 ** 21;
/** Columns that are looked at in one scan; more of them would need more memory. */
export const COLUMNS_AT_ONCE = 128;

/** Looks at every value of a table once. */
export async function sketchTable(
  database: Database,
  path: string,
  columns: readonly CanonicalColumn[],
): Promise<TableSketch> {
  const groups = await readRowGroups(database, path);
  const kernel = emptyKernel();
  const sketches: ColumnSketch[] = [];
  for (let from = 0; from < columns.length; from += COLUMNS_AT_ONCE) {
    const some = columns.slice(from, from + COLUMNS_AT_ONCE);
    const claimed = await readClaimedBounds(database, path, some, from);
    sketches.push(...(await sketchColumns({ database, path, groups, kernel, claimed }, some)));
  }
  return { rowCount: groups.rowCount, columns: sketches };
}

async function sketchColumns(
  source: ClaimedSource,
  columns: readonly CanonicalColumn[],
): Promise<ColumnSketch[]> {
  const { sketches, plans } = await planByASample(source, columns, planColumn);
  await fill(source, plans, sketches);
  // What a sample took for few values and was not is looked at again, as many.
  const rest = columns.filter(({ name }) => !sketches.has(name));
  const again = await planByASample(source, rest, planMany);
  await fill(source, again.plans, sketches);
  return columns.flatMap((column) => sketches.get(column.name) ?? []);
}

type ClaimedSource = Source & { readonly claimed: ReadonlyMap<string, ClaimedBounds> };

/**
 * Looks at some rows to know how to look at all of them; where these are all, there may be no need to. Nothing of
 * the sample outlives this: the garbage collector runs often during a scan, and would go through it every time.
 */
async function planByASample(
  source: ClaimedSource,
  columns: readonly CanonicalColumn[],
  planOf: typeof planColumn,
): Promise<{ sketches: Map<string, ColumnSketch>; plans: ColumnPlan[] }> {
  const rowsMax = Math.min(SAMPLE_ROWS, Math.floor(SAMPLE_VALUES / columns.length));
  const ranges = sampleRanges(source.groups, SAMPLE_GROUPS, rowsMax);
  const looks = columns.map((column): ColumnPlan => ({ column, look: { kind: "few", valuesMax: rowsMax } }));
  const sample = await lookAt(source, ranges, looks);
  const seenAll = source.groups.rowCount <= rowsMax;
  const sketches = new Map<string, ColumnSketch>();
  const plans: ColumnPlan[] = [];
  for (const column of columns) {
    const found = sample.get(column.name)?.finish();
    const values = found?.content.kind === "few" ? found.content.values : [];
    if (found !== undefined && seenAll && values.length <= VALUES_MAX) sketches.set(column.name, found);
    else plans.push(await planOf(source.database, column, values, source.claimed.get(column.name)));
  }
  return { sketches, plans };
}

async function fill(
  source: Source,
  plans: readonly ColumnPlan[],
  sketches: Map<string, ColumnSketch>,
): Promise<void> {
  for (const [name, tally] of await lookAt(source, undefined, plans)) {
    const sketch = tally.finish();
    if (sketch !== undefined) sketches.set(name, sketch);
  }
}
