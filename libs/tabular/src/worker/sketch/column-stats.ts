import type { CanonicalColumn } from "../canonical.ts";
import type { Database } from "../database.ts";
import { text } from "../sql-text.ts";

/** Bounds of a column in each row group, as the footer claims them: a hint, nothing more. */
export type ClaimedBounds = readonly { readonly min: number; readonly max: number }[];

/**
 * What the footer says of columns `from` and after it in row group `fromGroup` and after it; nothing of those whose
 * bounds it does not know.
 */
export async function readClaimedBounds(
  database: Database,
  path: string,
  columns: readonly CanonicalColumn[],
  from: number,
  fromGroup = 0,
): Promise<Map<string, ClaimedBounds>> {
  const asNumber = (bound: string) => `TRY_CAST(${bound} AS DOUBLE)`;
  const asTime = (bound: string) =>
    `CASE WHEN isfinite(TRY_CAST(${bound} AS TIMESTAMP)) THEN epoch_us(TRY_CAST(${bound} AS TIMESTAMP)) END`;
  const rows = await database.rows(
    `SELECT column_id, ${["min", "max"]
      .map(
        (end) =>
          `${asNumber(`stats_${end}_value`)} AS ${end}, ${asTime(`stats_${end}_value`)} AS ${end}_time`,
      )
      .join(", ")}
     FROM parquet_metadata(${text(path)})
     WHERE column_id BETWEEN ${from} AND ${from + columns.length - 1} AND row_group_id >= ${fromGroup}
     ORDER BY row_group_id`,
  );
  const claimed = new Map<string, { min: number; max: number }[]>();
  const unknown = new Set<string>();
  for (const row of rows) {
    const column = columns[Number(row.column_id) - from];
    if (column === undefined || column.type === "string" || column.type === "boolean") continue;
    const [min, max] = column.type === "timestamp" ? [row.min_time, row.max_time] : [row.min, row.max];
    if (!Number.isFinite(min) || !Number.isFinite(max)) unknown.add(column.name);
    else
      claimed.set(column.name, [...(claimed.get(column.name) ?? []), { min: Number(min), max: Number(max) }]);
  }
  for (const name of unknown) claimed.delete(name);
  return claimed;
}
