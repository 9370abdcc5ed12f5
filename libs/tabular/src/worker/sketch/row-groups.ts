import type { Database } from "../database.ts";
import { text } from "../sql-text.ts";

/** The row groups of a file, as its footer has them. */
export type RowGroups = {
  readonly rows: readonly number[];
  readonly starts: readonly number[];
  readonly rowCount: number;
};

export async function readRowGroups(database: Database, path: string): Promise<RowGroups> {
  const found = await database.rows(
    `SELECT row_group_num_rows AS n FROM parquet_metadata(${text(path)}) WHERE column_id = 0 ORDER BY row_group_id`,
  );
  const rows = found.map(({ n }) => Number(n));
  const starts: number[] = [];
  let rowCount = 0;
  for (const count of rows) {
    starts.push(rowCount);
    rowCount += count;
  }
  return { rows, starts, rowCount };
}

/** The row group that a row is in. */
export function groupOf({ starts }: RowGroups, row: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

export type RowRange = { readonly from: number; readonly to: number };

/**
 * The rows of the sample: the beginnings of row groups that are spread evenly, because the engine unpacks a row
 * group as a whole. All rows where they are not more than that.
 */
export function sampleRanges(
  { rows, starts, rowCount }: RowGroups,
  groupsMax: number,
  rowsMax: number,
): RowRange[] {
  if (rowCount <= rowsMax) return [{ from: 0, to: rowCount }];
  const groups = Math.min(groupsMax, rows.length);
  return Array.from({ length: groups }, (_, index) => {
    const group = Math.floor(((index + 0.5) * rows.length) / groups);
    const from = starts[group] ?? 0;
    return { from, to: from + Math.min(rows[group] ?? 0, Math.floor(rowsMax / groups)) };
  });
}
