import type { Locks } from "./locks.ts";
import type { TableName, Tables } from "./tables.ts";

type Row<Name extends TableName> = Tables[Name] extends Map<string, infer Value> ? Value : never;

/** A statement's view of the tables: what is committed, and what its own transaction has changed. */
export interface View {
  get<Name extends TableName>(table: Name, key: string): Row<Name> | undefined;
  set<Name extends TableName>(table: Name, key: string, row: Row<Name>): void;
  delete(table: TableName, key: string): void;
  /** Committed rows and own ones. */
  values<Name extends TableName>(table: Name): Row<Name>[];
  /** Waits for whoever holds it; kept until the end of the transaction. */
  lock(key: string): Promise<void>;
  isLocked(key: string): boolean;
}

export interface SimSession extends View {
  commit(): void;
  /** Undoes what was not committed. */
  rollback(): void;
  /** Undoes it because the connection broke: a statement that still runs gets no further lock. */
  close(): void;
}

const gone = Symbol("deleted");

/** One connection's transaction in the simulated database: read committed, with row locks. */
export function openSession(committed: Tables, locks: Locks): SimSession {
  const holder = {};
  let own = new Map<string, Map<string, unknown>>();
  let isClosed = false;

  const ownOf = (table: TableName) => {
    const rows = own.get(table) ?? new Map<string, unknown>();
    own.set(table, rows);
    return rows;
  };
  const end = () => {
    own = new Map();
    locks.releaseAll(holder);
  };

  return {
    get: (table, key) => {
      const changed = own.get(table)?.get(key);
      if (changed === gone) return undefined;
      return (changed ?? committed[table].get(key)) as never;
    },
    set: (table, key, row) => {
      ownOf(table).set(key, row);
    },
    delete: (table, key) => {
      ownOf(table).set(key, gone);
    },
    values: (table) => {
      const rows = new Map<string, unknown>([...committed[table], ...(own.get(table) ?? [])]);
      return [...rows.values()].filter((row) => row !== gone) as never;
    },
    lock: (key) => (isClosed ? new Promise(() => {}) : locks.acquire(holder, key)),
    isLocked: (key) => locks.isHeldByOther(holder, key),
    commit: () => {
      for (const [table, rows] of own) {
        const target: Map<string, unknown> = committed[table as TableName];
        for (const [key, row] of rows) {
          if (row === gone) target.delete(key);
          else target.set(key, row);
        }
      }
      end();
    },
    rollback: end,
    close: () => {
      isClosed = true;
      end();
    },
  };
}
