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
  const timed = columns.flatMap(({ type }, index) => (type === "timestamp" ? [from + index] : []));
  const numbers = columns.flatMap(({ type }, index) =>
    type === "integer" || type === "number" ? [from + index] : [],
  );
  if (timed.length + numbers.length === 0) return new Map();
  const bound = (end: string) =>
    `CASE WHEN list_contains([${timed.join(", ")}]::BIGINT[], column_id)
     THEN CASE WHEN isfinite(TRY_CAST(${end} AS TIMESTAMP)) THEN epoch_us(TRY_CAST(${end} AS TIMESTAMP)) END
     ELSE TRY_CAST(${end} AS DOUBLE) END`;
  // One list a column: a large file has thousands of row groups, and an object for each of their columns is too much.
  const rows = await database.rows(
    `SELECT column_id, list(low ORDER BY row_group_id) AS lows, list(high ORDER BY row_group_id) AS highs
     FROM (SELECT column_id, row_group_id, ${bound("stats_min_value")} AS low, ${bound("stats_max_value")} AS high
       FROM parquet_metadata(${text(path)})
       WHERE row_group_id >= ${fromGroup} AND column_id IN (${[...timed, ...numbers].join(", ")}))
     GROUP BY column_id HAVING bool_and(coalesce(isfinite(low) AND isfinite(high), false))`,
  );
  return new Map(
    rows.map(({ column_id, lows, highs }) => {
      const [min, max] = [lows as number[], highs as number[]];
      const name = columns[Number(column_id) - from]?.name ?? "";
      return [name, min.map((low, group) => ({ min: low, max: max[group] ?? low }))];
    }),
  );
}
