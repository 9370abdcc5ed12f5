import { runner } from "node-pg-migrate";
import { describeCause } from "./describe-cause.ts";
import { isConnectionError, PostgresError } from "./errors.ts";
import { searchPathOption } from "./search-path.ts";

export interface MigrationSource {
  /** A directory of numbered `.sql` files, run once each in the order of their names. */
  readonly directory: string;
  /** The table, in the same schema, that keeps which of them have run. */
  readonly table: string;
}

export interface MigrateOptions {
  readonly url: string;
  readonly schema: string;
  readonly sources: readonly MigrationSource[];
}

const connectTimeoutMs = 10_000;

/**
 * Brings a schema up to date, forward only. The pending files of a source run in one transaction, and an
 * advisory lock makes replicas that start together wait for one another. Throws MIGRATION_FAILED, or
 * DATABASE_UNAVAILABLE where starting again later is all that is needed.
 */
export async function migrate({ url, schema, sources }: MigrateOptions): Promise<void> {
  for (const { directory, table } of sources) {
    const seen: string[] = [];
    try {
      await runner({
        databaseUrl: {
          connectionString: url,
          options: searchPathOption(schema),
          connectionTimeoutMillis: connectTimeoutMs,
        },
        dir: directory,
        direction: "up",
        count: Number.POSITIVE_INFINITY,
        schema,
        migrationsSchema: schema,
        migrationsTable: table,
        singleTransaction: true,
        checkOrder: true,
        advisoryLockMode: "wait",
        lockValue: lockValueOf(schema),
        verbose: false,
        log: (message) => seen.push(message),
      });
    } catch (error) {
      if (isConnectionError(error)) {
        throw new PostgresError(
          "DATABASE_UNAVAILABLE",
          `The database could not be reached to migrate schema ${schema}: ${describeCause(error)}.`,
          { cause: error },
        );
      }
      const file = seen.findLast((line) => line.includes("### MIGRATION"));
      throw new PostgresError(
        "MIGRATION_FAILED",
        `The migrations in ${directory} could not be applied to schema ${schema}` +
          `${file === undefined ? "" : ` (${file.trim()})`}: ${describeCause(error)}. ` +
          "Nothing of them was kept; correct the file and start again.",
        { cause: error },
      );
    }
  }
}

/** Schemas share a database, and so its advisory locks: each has a lock of its own. */
function lockValueOf(schema: string): number {
  let hash = 7;
  for (const character of schema) hash = (hash * 31 + character.charCodeAt(0)) % 2_147_483_647;
  return hash;
}
