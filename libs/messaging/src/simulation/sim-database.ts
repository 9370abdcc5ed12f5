import { type Database, queryOn, runTransaction, type Tx } from "@cascade/postgres";
import type { Store } from "../store/store.ts";
import { createLocks } from "./locks.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SimProcess } from "./sim-process.ts";
import { openSession, type SimSession } from "./sim-session.ts";
import { type Statements, statementsFor } from "./statements.ts";
import { emptyTables, type Tables } from "./tables.ts";

/** What may go wrong in the database, asked for each time. */
export interface DatabaseFaults {
  /** True where a statement fails, as a victim of a deadlock does. */
  failsStatement(): boolean;
  /** True where a commit happens and its answer is lost with the connection. */
  losesCommitAnswer(): boolean;
}

export interface SimDatabase {
  /** What is committed. */
  readonly tables: Tables;
  connect(process: SimProcess): { readonly database: Database; readonly store: Store };
  /** Breaks every connection, and takes no new one for a time. */
  failFor(durationMs: number): void;
}

const lockTimeoutMs = 10_000;

/**
 * A database in memory, with transactions, row locks and connections that break. The store's statements come to it
 * through the real transaction code, by name instead of as SQL.
 */
export function createDatabase(scheduler: Scheduler, epochMs: number, faults: DatabaseFaults): SimDatabase {
  const tables = emptyTables();
  const locks = createLocks();
  const open = new Set<Connection>();
  let downUntil = 0;
  let number = 0;
  const statements = statementsFor({
    now: () => epochMs + scheduler.now(),
    nextNumber: () => number++,
  });
  const isDown = () => scheduler.now() < downUntil;

  const connect = (process: SimProcess): Connection => {
    const session = openSession(tables, locks);
    const connection = new Connection({ process, session, statements, scheduler, faults, isDown });
    open.add(connection);
    process.onDeath(() => connection.breakNow());
    return connection;
  };
  const withConnection = async <T>(
    process: SimProcess,
    use: (connection: Connection) => Promise<T>,
  ): Promise<T> => {
    const connection = connect(process);
    try {
      return await use(connection);
    } finally {
      connection.breakNow();
      open.delete(connection);
    }
  };

  return {
    tables,
    connect: (process) => ({
      store: storeByName(statements),
      database: {
        query: (sql, values) =>
          withConnection(process, (connection) => {
            connection.commitsEach = true;
            return queryOn(connection.asClient(), sql, values);
          }),
        transaction: (work) =>
          withConnection(process, (connection) => runTransaction(connection.asClient(), work)),
        listen: () => Promise.reject(new Error("the simulated service does not listen")),
        check: async () => {},
        close: async () => {},
      },
    }),
    failFor: (durationMs) => {
      downUntil = scheduler.now() + durationMs;
      for (const connection of open) connection.breakNow();
    },
  };
}

interface ConnectionParts {
  readonly process: SimProcess;
  readonly session: SimSession;
  readonly statements: Statements;
  readonly scheduler: Scheduler;
  readonly faults: DatabaseFaults;
  isDown(): boolean;
}

type Query = string | { readonly text: string; readonly values: readonly unknown[] };

/** Does what a connection to Postgres does: one statement after the other, in the order in which they were sent. */
class Connection {
  commitsEach = false;
  readonly #parts: ConnectionParts;
  #before: Promise<unknown> = Promise.resolve();
  #isBroken = false;
  #hasFailed = false;
  readonly #broken = Promise.withResolvers<never>();

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#broken.promise.catch(() => {});
  }

  /** The part of pg's client that transactions use. */
  asClient(): Parameters<typeof runTransaction>[0] {
    return { query: (query: Query) => this.#query(query) } as never;
  }

  breakNow(): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#parts.session.close();
    this.#broken.reject(connectionError());
  }

  #query(query: Query): Promise<unknown> {
    const turn = this.#before;
    const { promise: done, resolve: end } = Promise.withResolvers<void>();
    this.#before = done;
    return this.#parts.process.call(async () => {
      try {
        await turn;
        if (this.#isBroken || this.#parts.isDown()) throw connectionError();
        const running = typeof query === "string" ? this.#control(query) : this.#statement(query);
        return await Promise.race([running, this.#broken.promise]);
      } finally {
        end();
      }
    });
  }

  async #control(command: string): Promise<{ command: string; rows: []; rowCount: 0 }> {
    const { session, faults } = this.#parts;
    const answer = (word: string) => ({ command: word, rows: [] as [], rowCount: 0 as const });
    if (command === "begin") return answer("BEGIN");
    if (command === "rollback" || this.#hasFailed) {
      session.rollback();
      this.#hasFailed = false;
      return answer("ROLLBACK");
    }
    session.commit();
    if (faults.losesCommitAnswer()) {
      this.breakNow();
      throw connectionError();
    }
    return answer("COMMIT");
  }

  async #statement({ text, values }: Exclude<Query, string>): Promise<{ rows: unknown[]; rowCount: number }> {
    const { session, statements, faults } = this.#parts;
    if (this.#hasFailed) throw sqlError("25P02", "current transaction is aborted");
    try {
      if (faults.failsStatement()) throw sqlError("40P01", "deadlock detected");
      const statement = statements[text as keyof Statements] as (
        ...parameters: unknown[]
      ) => Promise<unknown>;
      const value = await this.#withinLockTimeout(statement(session, ...values));
      if (this.commitsEach) session.commit();
      return { rows: [{ value }], rowCount: 1 };
    } catch (error) {
      this.#hasFailed = true;
      if (this.commitsEach) session.rollback();
      throw error;
    }
  }

  async #withinLockTimeout<T>(statement: Promise<T>): Promise<T> {
    const late = Promise.withResolvers<never>();
    const cancel = this.#parts.scheduler.after(lockTimeoutMs, () =>
      late.reject(sqlError("55P03", "canceling statement due to lock timeout")),
    );
    return await Promise.race([statement, late.promise]).finally(cancel);
  }
}

function storeByName(statements: Statements): Store {
  const byName = Object.keys(statements).map((name) => [
    name,
    (tx: Tx & { send?(sql: string, values: readonly unknown[]): void }, ...values: unknown[]) => {
      if (name === "insertOutbox" && (values[0] as unknown[]).length === 0) return undefined;
      if (name === "insertJobs" && (values[0] as unknown[]).length === 0) return Promise.resolve(new Set());
      // The store sends what nobody waits for, and asks for the rest.
      if (sent.has(name)) return tx.send?.(name, values);
      return tx.query<{ value: unknown }>(name, values).then(({ rows }) => rows[0]?.value);
    },
  ]);
  return Object.fromEntries(byName) as Store;
}

const sent = new Set(["markInbox", "forgetAttempts", "lockPipelines", "insertOutbox", "closeDeadLetter"]);

function sqlError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

function connectionError(): Error {
  return sqlError("08006", "the connection to the simulated database broke");
}
