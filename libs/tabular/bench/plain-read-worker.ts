import { serveWorker } from "@cascade/sandbox";
import { type Access, withDatabase } from "../src/worker/database.ts";
import { openTable } from "../src/worker/source.ts";

serveWorker({
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
