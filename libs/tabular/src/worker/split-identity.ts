import type { Database } from "./database.ts";
import { name } from "./sql-text.ts";

/**
 * The rows without those that a newer one of the same identity replaces; of equally old ones the one that came last stays.
 * Only the numbers of replaced rows are kept, and only identities that are there twice are sorted.
 */
export async function newestOfEach(
  database: Database,
  rows: string,
  identity: string | undefined,
): Promise<{ readonly rows: string; readonly replaced: number }> {
  if (identity === undefined) return { rows, replaced: 0 };
  const column = name(identity);
  const repeated = `(SELECT ${column} FROM ${rows} WHERE ${column} IS NOT NULL GROUP BY ${column} HAVING count(*) > 1)`;
  const placed = `(SELECT cascade_row, row_number() OVER (PARTITION BY ${column} ORDER BY cascade_time DESC, cascade_row DESC) AS place FROM ${rows} WHERE ${column} IN ${repeated})`;
  await database.run(
    `CREATE TEMP TABLE cascade_replaced AS SELECT cascade_row FROM ${placed} WHERE place > 1`,
  );
  const replaced = await database.number("SELECT count(*) FROM cascade_replaced");
  if (replaced === 0) return { rows, replaced };
  return {
    rows: `(SELECT * FROM ${rows} WHERE cascade_row NOT IN (SELECT cascade_row FROM cascade_replaced))`,
    replaced,
  };
}
