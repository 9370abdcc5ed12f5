import type { Database, Row } from "../database.ts";
import type { ColumnPlan } from "./column-plan.ts";
import { openFewTally } from "./few-tally.ts";
import type { Kernel } from "./kernel.ts";
import { openNumbersTally } from "./numbers-tally.ts";
import type { RowGroups, RowRange } from "./row-groups.ts";
import { scan } from "./scan.ts";
import type { Tally } from "./tally.ts";
import { TEXT_MAX } from "./text-values.ts";
import { openTextsTally } from "./texts-tally.ts";

/** A file that is looked at. */
export type Source = {
  readonly database: Database;
  readonly path: string;
  readonly groups: RowGroups;
  readonly kernel: Kernel;
};

/** One scan; without ranges it is of all rows. The tallies are good until the next one. */
export async function lookAt(
  { database, path, groups, kernel }: Source,
  ranges: readonly RowRange[] | undefined,
  plans: readonly ColumnPlan[],
): Promise<Map<string, Tally>> {
  if (plans.length === 0) return new Map();
  kernel.clear();
  let found: Row = {};
  const more: string[] = [];
  const tallies = plans.map(({ column, look }, index): [string, Tally] => {
    if (look.kind === "few") return [column.name, openFewTally(kernel, column, look.valuesMax)];
    if (look.kind === "numbers") return [column.name, openNumbersTally(kernel, column, look)];
    const ends = ["min", "max"].map((end) => `${end}(${column.sql})[:${TEXT_MAX}] AS ${end}${index}`);
    more.push(...ends);
    const bounds = () => ({
      min: String(found[`min${index}`] ?? ""),
      max: String(found[`max${index}`] ?? ""),
    });
    return [column.name, openTextsTally(kernel, column, look, bounds)];
  });
  found = await scan(
    database,
    path,
    groups,
    ranges,
    tallies.map(([, tally]) => tally),
    more,
  );
  return new Map(tallies);
}
