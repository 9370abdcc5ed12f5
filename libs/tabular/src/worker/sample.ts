import { type Access, withDatabase } from "./database.ts";
import { known } from "./select.ts";
import { openTable, readParquet } from "./source.ts";
import { name, text } from "./sql-text.ts";
import { PARQUET_OPTIONS, type Table } from "./to-parquet.ts";

export type SampleArguments = {
  readonly access: Access;
  readonly path: string;
  readonly columns: readonly string[];
  /** Rows of the sample at most. */
  readonly rows: number;
  readonly output: string;
};

const TEXT_MAX = 256;

/**
 * Writes every n-th row, always the same ones: a sample that needs no randomness and no more memory than a scan.
 * Long texts are cut, for a sample serves to compare distributions.
 */
export async function sample(args: SampleArguments): Promise<Omit<Table, "sizeBytes">> {
  return withDatabase(args.access, async (database) => {
    const table = await openTable(database, [args.path]);
    const columns = args.columns.map((column) => known(table.columns, column));
    const rowCount = await database.number(`SELECT count(*) FROM ${table.relation}`);
    const step = Math.max(1, Math.ceil(rowCount / args.rows));
    const selected = columns.map(
      ({ name: column, type, sql }) =>
        `${type === "string" ? `${sql}[:${TEXT_MAX}]` : sql} AS ${name(column)}`,
    );
    await database.run(
      `COPY (SELECT ${selected.join(", ")} FROM ${readParquet([args.path], ", file_row_number = true")}
       WHERE file_row_number % ${step} = 0) TO ${text(args.output)} (${PARQUET_OPTIONS})`,
    );
    return {
      rowCount: Math.ceil(rowCount / step),
      columns: columns.map(({ name: column, type }) => ({ name: column, type, nullable: true })),
    };
  });
}
