import type { DataSource } from "@cascade/contracts";
import type { Database } from "@cascade/postgres";
import { IngestionError, ingestionErrors } from "../errors.ts";

export type PostgresSource = Extract<DataSource, { kind: "postgres" }>;

export interface NewRows {
  /** One JSON object each. */
  readonly lines: readonly string[];
  /** The highest value among them; absent where there are none. */
  readonly watermark: string | undefined;
  readonly isFull: boolean;
}

/**
 * The rows of a query above a watermark, in its order. All rows of the last value come with it, so that none of them is
 * below the watermark and never read; the limit is one on what that may add.
 */
export async function queryRows(
  { name, query, watermark: column, maxRows }: PostgresSource,
  after: string | undefined,
  connection: Database,
): Promise<NewRows> {
  const mark = `q."${column.replaceAll('"', '""')}"`;
  const limit = 2 * maxRows;
  // A value makes it a prepared statement, which cannot be two statements, whatever the query says.
  const sql = `select row_to_json(r.whole)::text as line, r.mark from (
      select q as whole, ${mark}::text as mark from (\n${query}\n) as q
      where ${after === undefined ? "$1::text is null" : `${mark} > $1`}
      order by ${mark} fetch first ${maxRows} rows with ties
    ) as r limit ${limit + 1}`;
  try {
    return await connection.transaction(async (tx) => {
      await tx.query("set transaction isolation level repeatable read, read only");
      await tx.query("set local timezone = 'UTC'");
      const { rows } = await tx.query<{ line: string; mark: string | null }>(sql, [after ?? null]);
      if (rows.length > limit)
        throw ingestionErrors.watermarkUnusable(name, `more than ${limit} rows have the same value.`);
      if (rows.some(({ mark: value }) => value === null))
        throw ingestionErrors.watermarkUnusable(name, "it is empty in some rows.");
      return {
        lines: rows.map(({ line }) => line),
        watermark: rows.at(-1)?.mark ?? undefined,
        isFull: rows.length >= maxRows,
      };
    });
  } catch (error) {
    if (error instanceof IngestionError) throw error;
    throw ingestionErrors.queryFailed(name, error);
  }
}
