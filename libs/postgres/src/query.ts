import type pg from "pg";

export interface QueryResult<Row> {
  readonly rows: Row[];
  /** Rows returned or changed. */
  readonly rowCount: number;
}

/** Where statements are sent: a transaction, or the database itself for a single statement. */
export interface Tx {
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>>;
}

/** Runs one statement on one connection. */
export async function queryOn<Row extends object>(
  client: pg.ClientBase,
  sql: string,
  values: readonly unknown[] = [],
): Promise<QueryResult<Row>> {
  const { rows, rowCount } = await client.query<Row>(sql, [...values]);
  return { rows, rowCount: rowCount ?? 0 };
}

/** A statement that the client itself gives up after a limit of its own, which pg's types do not know of. */
export function limited(text: string, timeoutMs: number): pg.QueryConfig {
  const query: pg.QueryConfig & { query_timeout: number } = { text, query_timeout: timeoutMs };
  return query;
}
