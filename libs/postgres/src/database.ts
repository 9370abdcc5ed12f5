import pg from "pg";
import { PostgresError } from "./errors.ts";

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

export interface Database extends Tx {
  /** Commits when `work` resolves, rolls back when it rejects. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Throws where the database does not answer. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** The only schema that names are looked up in. */
  readonly schema: string;
  readonly applicationName: string;
  readonly poolSize?: number;
  readonly connectTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  readonly idleInTransactionTimeoutMs?: number;
  /** Told of connections lost while idle; the pool replaces them. */
  onError(error: Error): void;
}

/** Opens a pool with every limit explicit. Nothing is connected until the first statement. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    // The client's own limit: it ends waiting on a connection that is half open.
    query_timeout: (options.statementTimeoutMs ?? 30_000) + 2000,
    lock_timeout: options.lockTimeoutMs ?? 10_000,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 60_000,
    options: `-c search_path=${quoteIdentifier(options.schema)}`,
    types: { getTypeParser },
  });
  pool.on("error", options.onError);
  pool.on("connect", (client) => client.on("error", options.onError));

  const queryOn = async <Row extends object>(
    client: pg.Pool | pg.PoolClient,
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<QueryResult<Row>> => {
    const { rows, rowCount } = await client.query<Row>(sql, [...values]);
    return { rows, rowCount: rowCount ?? 0 };
  };

  return {
    query: (sql, values) => queryOn(pool, sql, values),
    transaction: async (work) => {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query("begin");
        const result = await work({ query: (sql, values) => queryOn(client, sql, values) });
        await client.query("commit");
        return result;
      } catch (error) {
        // A connection that cannot even roll back is thrown away.
        await client.query("rollback").catch((rollbackError: Error) => {
          broken = rollbackError;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    check: async () => {
      try {
        await pool.query("select 1");
      } catch (error) {
        throw new PostgresError("DATABASE_UNAVAILABLE", "The database does not answer.", { cause: error });
      }
    },
    close: () => pool.end(),
  };
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

const int8 = 20;

function getTypeParser(oid: number, format?: "text" | "binary") {
  // Counts and sequences fit into a double by far; what does not fit must fail instead of being rounded.
  if (oid === int8 && format !== "binary") return parseInt8;
  return pg.types.getTypeParser(oid, format as "text");
}

function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit into a number`);
  return value;
}
