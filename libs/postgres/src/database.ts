import pg from "pg";
import { getTypeParser } from "./column-types.ts";
import { isConnectionError, PostgresError } from "./errors.ts";
import { type Listener, listen } from "./listen.ts";
import { limited, queryOn, type Tx } from "./query.ts";
import { searchPathOption } from "./search-path.ts";
import { runTransaction, type Transaction } from "./transaction.ts";

export interface Database extends Tx {
  /**
   * Commits when `work` resolves, rolls back when it rejects. Where the connection breaks during the commit, it
   * rejects although the database may have committed: work that is done again must notice that it was done.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * Calls `onNotify` with the payload of each `notify` on a channel, over a connection of its own that is opened
   * again when it breaks. After that it is called without a payload: something may have been missed.
   */
  listen(channel: string, onNotify: (payload: string | undefined) => void): Promise<Listener>;
  /** Throws where the database does not answer or takes no changes. */
  check(): Promise<void>;
  /** Waits for the statements that still run. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** The only schema that names are looked up in. */
  readonly schema: string;
  readonly applicationName: string;
  /** Connections at most; who comes later waits. Default 10. */
  readonly poolSize?: number;
  /** For a new connection, and for a free one where all are in use. Default 5 s. */
  readonly connectTimeoutMs?: number;
  /**
   * The server ends a longer statement, and one second later the client gives up on a connection that has died
   * without a sign. Default 12 s, so that a half-open connection is noticed within 15 s.
   */
  readonly statementTimeoutMs?: number;
  /** Default 10 s. */
  readonly lockTimeoutMs?: number;
  /** A transaction that does nothing for longer is ended by the server, with its locks. Default 60 s. */
  readonly idleInTransactionTimeoutMs?: number;
  /** Told of connections that were lost; they are replaced. */
  onError(error: Error): void;
}

const readOnlyQuery = `select current_setting('transaction_read_only') = 'on' as "readOnly"`;
const checkTimeoutMs = 5000;
const clientGraceMs = 1000;

/** Opens a pool with every limit explicit. Nothing is connected until the first statement. */
export function openDatabase(options: DatabaseOptions): Database {
  const config = connectionConfig(options);
  const pool = new pg.Pool({ ...config, max: options.poolSize ?? 10, idleTimeoutMillis: 30_000 });
  // The pool repeats the error of an idle connection, which the connection itself has reported already. Without
  // a listener the process would end.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", options.onError));
  let closed: Promise<void> | undefined;

  const withClient = async <T>(use: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    const client = await pool.connect().catch((error: unknown) => {
      throw unavailable(error);
    });
    let broken = false;
    try {
      return await use(client);
    } catch (error) {
      broken = isConnectionError(error) || hasStalePlan(error);
      throw error;
    } finally {
      // What the server still holds for a broken connection, it gives up when the connection is gone.
      client.release(broken);
    }
  };

  return {
    query: (sql, values) => withClient((client) => queryOn(client, sql, values)),
    transaction: (work) => withClient((client) => runTransaction(client, work)),
    listen: (channel, onNotify) =>
      listen({
        createClient: () => new pg.Client(config),
        channel,
        onNotify,
        onError: options.onError,
      }),
    check: () =>
      withClient(async (client) => {
        const { rows } = await client
          .query<{ readOnly: boolean }>(limited(readOnlyQuery, checkTimeoutMs))
          .catch((error: unknown) => {
            throw unavailable(error);
          });
        if (rows[0]?.readOnly !== false) {
          throw new PostgresError(
            "DATABASE_READ_ONLY",
            "The database takes no changes now: it is a standby, or was made read-only. Connect to the primary, or make it writable.",
          );
        }
      }),
    close: () => {
      closed ??= pool.end();
      return closed;
    },
  };
}

function connectionConfig(options: DatabaseOptions): pg.ClientConfig {
  const statementTimeoutMs = options.statementTimeoutMs ?? 12_000;
  return {
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5000,
    keepAlive: true,
    // A statement need not wait for the answer to the one before it.
    pipeline: true,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + clientGraceMs,
    lock_timeout: options.lockTimeoutMs ?? 10_000,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 60_000,
    options: searchPathOption(options.schema),
    types: { getTypeParser },
  };
}

/** A migration has changed a table under a prepared statement, and this connection would fail with it for ever. */
function hasStalePlan(error: unknown): boolean {
  return (
    error instanceof pg.DatabaseError && error.code === "0A000" && error.routine === "RevalidateCachedQuery"
  );
}

function unavailable(error: unknown): PostgresError {
  return new PostgresError("DATABASE_UNAVAILABLE", "The database cannot be reached; see the cause.", {
    cause: error,
  });
}
