import type pg from "pg";
import { isConnectionError, PostgresError } from "./errors.ts";
import { queryOn, type Tx } from "./query.ts";

/** Runs `work` between begin and commit. The connection must be thrown away after a connection error. */
export async function runTransaction<T>(client: pg.ClientBase, work: (tx: Tx) => Promise<T>): Promise<T> {
  let hasEnded = false;
  const tx: Tx = {
    query: async (sql, values) => {
      // The connection may serve somebody else by now.
      if (hasEnded) {
        throw new PostgresError(
          "TRANSACTION_ENDED",
          "A statement came after the end of its transaction. Await every statement within the work.",
        );
      }
      return await queryOn(client, sql, values);
    },
  };
  try {
    await client.query("begin");
    const result = await work(tx);
    hasEnded = true;
    const { command } = await client.query("commit");
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
