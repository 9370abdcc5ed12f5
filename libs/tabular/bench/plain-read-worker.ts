import { serveWorker } from "@cascade/sandbox";
import { type Access, withDatabase } from "../src/worker/database.ts";
import { openTable } from "../src/worker/source.ts";
import { PARQUET_OPTIONS } from "../src/worker/to-parquet.ts";

interface PlainCopy {
  readonly access: Access;
  readonly path: string;
  readonly output: string;
}

serveWorker({
  /** A CSV file as Parquet in the engine's own way, with the types that it finds. */
  plainCopy: ({ access, path, output }: PlainCopy) =>
    withDatabase(access, (database) =>
      database.one(`COPY (SELECT * FROM read_csv('${path}')) TO '${output}' (${PARQUET_OPTIONS})`),
    ),
  /** The least that a reader of every value can do. */
  plainRead: ({ access, path }: { access: Access; path: string }) =>
    withDatabase(access, async (database) => {
      const { relation, columns } = await openTable(database, [path]);
      const sums = columns.map(({ type, sql }) => {
        if (type === "string") return `sum(strlen(${sql}))`;
        if (type === "timestamp") return `sum(epoch_us(${sql}))`;
        return `sum(${type === "boolean" ? `CAST(${sql} AS INTEGER)` : sql})`;
      });
      return database.one(`SELECT ${sums.join(", ")} FROM ${relation}`);
    }),
});
