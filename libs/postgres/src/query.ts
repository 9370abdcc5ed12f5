import { createHash } from "node:crypto";
import type pg from "pg";
import { writeTogether } from "./write-together.ts";

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

// A connection keeps what it has prepared; texts made at run time would let that grow without end.
const preparedMax = 1000;
const preparedNames = new Map<string, string>();

/**
 * Runs one statement on one connection. A statement with values is prepared once per connection: planning a
 * small statement costs more than running it.
 */
export async function queryOn<Row extends object>(
  client: pg.ClientBase,
  sql: string,
  values: readonly unknown[] = [],
): Promise<QueryResult<Row>> {
  const name = values.length === 0 ? undefined : preparedName(sql);
  writeTogether(client);
  const { rows, rowCount } = await client.query<Row>({
    text: sql,
    values: [...values],
    ...(name === undefined ? {} : { name }),
  });
  return { rows, rowCount: rowCount ?? 0 };
}

function preparedName(sql: string): string | undefined {
  const known = preparedNames.get(sql);
  if (known !== undefined || preparedNames.size >= preparedMax) return known;
  const name = createHash("sha256").update(sql).digest("base64url").slice(0, 32);
  preparedNames.set(sql, name);
  return name;
}

/** A statement that the client itself gives up after a limit of its own, which pg's types do not know of. */
export function limited(text: string, timeoutMs: number): pg.QueryConfig {
  const query: pg.QueryConfig & { query_timeout: number } = { text, query_timeout: timeoutMs };
  return query;
}
