import type pg from "pg";
import { isConnectionError, PostgresError } from "./errors.ts";
import { queryOn, type Tx } from "./query.ts";

/** Statements between begin and commit. */
export interface Transaction extends Tx {
  /**
   * Sends a statement whose result nobody needs, and does not wait for it. Where it fails, so does the
   * transaction, with its error.
   */
  send(sql: string, values?: readonly unknown[]): void;
}

/** Runs `work` between begin and commit. The connection must be thrown away after a connection error. */
export async function runTransaction<T>(
  client: pg.ClientBase,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const sent: Promise<unknown>[] = [];
  let hasEnded = false;
  const run: Tx["query"] = (sql, values) => {
    // The connection may serve somebody else by now.
    if (hasEnded) {
      throw new PostgresError(
        "TRANSACTION_ENDED",
        "A statement came after the end of its transaction. Await every statement within the work.",
      );
    }
    return queryOn(client, sql, values);
  };
  const tx: Transaction = {
    query: async (sql, values) => await run(sql, values),
    send: (sql, values) => {
      const statement = run(sql, values);
      // Looked at after the commit, and until then nobody's unhandled rejection.
      statement.catch(() => {});
      sent.push(statement);
    },
  };
  try {
    // Awaited, although the first statement could follow at once: where begin failed alone, that statement
    // would be committed by itself.
    await client.query("begin");
    const result = await work(tx);
    hasEnded = true;
    // The commit follows what was sent without waiting for it: the server does one after the other, and makes
    // the commit a rollback where a statement has failed.
    const [{ command }] = await Promise.all([client.query("commit"), ...sent]);
    // Asked to commit after a failed statement, the server rolls back and reports no error.
    if (command !== "COMMIT") {
      throw new PostgresError(
        "TRANSACTION_ABORTED",
        "Nothing was committed, because a statement had failed and its error was caught. Let it through.",
      );
    }
    return result;
  } catch (error) {
    hasEnded = true;
    // A broken connection would only let the rollback wait; the server rolls back when it is closed.
    if (isConnectionError(error)) throw error;
    try {
      await client.query("rollback");
    } catch {
      throw new PostgresError(
        "DATABASE_UNAVAILABLE",
        "The connection broke before a transaction could be rolled back. Nothing of it was kept; its error is the cause.",
        { cause: error },
      );
    }
    throw error;
  }
}
