import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { TrainerError } from "./errors.ts";

/** SQL text of a name or a string, whatever characters it has. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A query engine that can read the files of one folder and nothing else. */
export class ParquetSession {
  readonly #folder: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(folder: string, instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#folder = folder;
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(folder: string): Promise<ParquetSession> {
    const instance = await DuckDBInstance.create(":memory:", {
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    const connection = await instance.connect();
    await connection.run(`SET allowed_directories = [${quoteText(folder)}]`);
    await connection.run("SET enable_external_access = false");
    await connection.run("SET lock_configuration = true");
    return new ParquetSession(folder, instance, connection);
  }

  /** The table expression of a file in the folder. */
  table(file: string): string {
    return `read_parquet(${quoteText(join(this.#folder, file))})`;
  }

  /** Exact column names with the names of their types. */
  async describe(file: string): Promise<Map<string, string>> {
    const rows = await this.rows(`DESCRIBE SELECT * FROM ${this.table(file)}`);
    return new Map(rows.map(([name, type]) => [String(name), String(type)]));
  }

  async rows(sql: string): Promise<unknown[][]> {
    return this.#reading(async () => (await this.#connection.runAndReadAll(sql)).getRows());
  }

  async run(sql: string): Promise<void> {
    await this.#reading(() => this.#connection.run(sql));
  }

  /**
   * Streams a query whose columns are all numbers. `take` gets one value at a time with its column and
   * row, so that nothing but one chunk and the caller's own arrays is in memory.
   */
  async stream(sql: string, take: (value: number, column: number, row: number) => void): Promise<number> {
    return this.#reading(async () => {
      const result = await this.#connection.stream(sql);
      let firstRow = 0;
      for (
        let chunk = await result.fetchChunk();
        chunk && chunk.rowCount > 0;
        chunk = await result.fetchChunk()
      ) {
        for (let column = 0; column < chunk.columnCount; column++) {
          const vector = chunk.getColumnVector(column);
          for (let row = 0; row < chunk.rowCount; row++) {
            const value = vector.getItem(row);
            take(typeof value === "number" ? value : Number.NaN, column, firstRow + row);
          }
        }
        firstRow += chunk.rowCount;
      }
      return firstRow;
    });
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async #reading<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (cause) {
      throw new TrainerError("DATA_UNREADABLE", cause instanceof Error ? cause.message : String(cause), {
        cause,
      });
    }
  }
}
