import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";
import { tabularErrors } from "../errors.ts";
import { plain } from "./json-safe.ts";
import { texts } from "./sql-text.ts";

/** What one call may use; the parent decides it. */
export type Access = {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly threads: number;
  readonly memoryLimitMiB: number;
  readonly temporaryDirectory: string;
};

export type Row = Readonly<Record<string, unknown>>;

/** A locked connection for the time of one call. */
export class Database {
  readonly connection: DuckDBConnection;

  constructor(connection: DuckDBConnection) {
    this.connection = connection;
  }

  async run(sql: string): Promise<void> {
    await this.connection.run(sql);
  }

  async rows(sql: string, parameters?: DuckDBValue[]): Promise<Row[]> {
    const reader = await this.connection.runAndReadAll(sql, parameters);
    const names = reader.columnNames();
    return reader
      .getRows()
      .map((values) => Object.fromEntries(values.map((value, index) => [names[index], plain(value)])));
  }

  async one(sql: string): Promise<Row> {
    return (await this.rows(sql))[0] ?? {};
  }

  async number(sql: string): Promise<number> {
    return Number(Object.values(await this.one(sql))[0] ?? 0);
  }
}

/**
 * Opens an empty database whose configuration is final before it sees a byte or an expression from outside:
 * only the given files exist for it, nothing can be installed, loaded, attached or changed.
 */
export async function openLocked(access: Access): Promise<{ database: Database; close: () => void }> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(access.threads),
    memory_limit: `${access.memoryLimitMiB}MiB`,
    temp_directory: access.temporaryDirectory,
    max_temp_directory_size: `${access.memoryLimitMiB * 16}MiB`,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
  });
  const connection = await instance.connect();
  // Without files at all, an empty list would mean the same, but its type could not be told.
  const paths = [...access.reads, ...access.writes];
  if (paths.length > 0) await connection.run(`SET allowed_paths = ${texts(paths)}`);
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run("SET enable_external_access = false");
  await connection.run("SET lock_configuration = true");
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  return { database: new Database(connection), close };
}

/** Runs `work` on a database of its own and translates what only the engine can know into our errors. */
export async function withDatabase<T>(access: Access, work: (database: Database) => Promise<T>): Promise<T> {
  const { database, close } = await openLocked(access);
  try {
    return await work(database);
  } catch (error) {
    throw asResourceError(error) ?? error;
  } finally {
    close();
  }
}

/** Errors about memory and disk come from anywhere and mean the same everywhere. */
export function asResourceError(error: unknown): Error | undefined {
  const reason = error instanceof Error ? error.message : String(error);
  if (/^Out of Memory Error.*max_temp_directory_size|No space left on device/s.test(reason))
    return tabularErrors.diskFull(firstLine(reason));
  if (reason.startsWith("Out of Memory Error")) return tabularErrors.memory(firstLine(reason));
  return undefined;
}

export function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? "";
}
