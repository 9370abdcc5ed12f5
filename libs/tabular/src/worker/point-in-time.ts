import type { Column } from "../types.ts";
import { type Aggregate, aggregatesAt } from "./aggregates.ts";
import { type Access, type Database, withDatabase } from "./database.ts";
import { type History, newestRows, openHistory } from "./history.ts";
import { known } from "./select.ts";
import { openTable } from "./source.ts";
import { refuseDuplicates } from "./source-types.ts";
import { name, text } from "./sql-text.ts";
import { PARQUET_OPTIONS } from "./to-parquet.ts";

/** What rows learn of the past of their entities. */
export type PastLookup = {
  readonly history: History;
  /** The column of the rows that names their entity. */
  readonly key: string;
  /** Columns of the newest row of the entity that is not newer than the row. */
  readonly columns: readonly { readonly name: string; readonly from: string }[];
  /** How old that row may be; for ever where it is left out. */
  readonly ttlMs?: number | undefined;
  readonly aggregates: readonly Aggregate[];
};

export type PointInTimeArguments = {
  readonly access: Access;
  readonly inputs: readonly string[];
  /** The column with the moment at which each row's past ends. */
  readonly time: string;
  readonly keep: readonly string[];
  readonly lookups: readonly PastLookup[];
  readonly output: string;
};
export type PointInTime = { readonly rowCount: number; readonly columns: readonly Column[] };

/** Joins rows with what was known of their entities at their time, and never with anything newer. */
export async function pointInTime(args: PointInTimeArguments): Promise<PointInTime> {
  return withDatabase(args.access, async (database) => {
    const { relation, columns } = await openTable(database, args.inputs);
    const kept = args.keep.map((column) => known(columns, column));
    const helpers = [
      `${known(columns, args.time).sql} AS cascade_time`,
      ...args.lookups.map(
        ({ key }, index) => `CAST(${known(columns, key).sql} AS VARCHAR) AS cascade_key_${index}`,
      ),
    ];
    await database.run(
      `CREATE TEMP TABLE cascade_rows AS SELECT ${[...kept.map((column) => `${column.sql} AS ${name(column.name)}`), ...helpers].join(", ")}, row_number() OVER () AS cascade_row FROM ${relation}`,
    );
    const joined: Joined[] = [];
    for (const [index, lookup] of args.lookups.entries()) joined.push(await join(database, lookup, index));
    const added = joined.flatMap((one) => one.columns);
    const all: Column[] = [...kept.map(({ name, type }) => ({ name, type })), ...added];
    refuseDuplicates(all.map((column) => column.name));
    const from = ["cascade_rows", ...joined.map(({ table }) => `JOIN ${table} USING (cascade_row)`)].join(
      " ",
    );
    const query = `SELECT ${all.map((column) => name(column.name)).join(", ")} FROM ${from} ORDER BY cascade_row`;
    await database.run(`COPY (${query}) TO ${text(args.output)} (${PARQUET_OPTIONS})`);
    const rowCount = await database.number("SELECT count(*) FROM cascade_rows");
    return { rowCount, columns: all.map((column) => ({ ...column, nullable: true })) };
  });
}

interface Joined {
  /** Has a row for each row, and the columns. */
  readonly table: string;
  readonly columns: readonly Column[];
}

async function join(database: Database, lookup: PastLookup, index: number): Promise<Joined> {
  const { history, columns, ttlMs, aggregates } = lookup;
  const past = await openHistory(database, `cascade_history_${index}`, history);
  const moments = `(SELECT cascade_row, cascade_key_${index} AS cascade_key, cascade_time FROM cascade_rows)`;
  const fresh =
    ttlMs === undefined
      ? "true"
      : `epoch_us(moment.cascade_time) - epoch_us(past.cascade_time) <= ${Math.round(ttlMs * 1000)}`;
  const values = columns.map(
    (column) => `CASE WHEN ${fresh} THEN past.${name(column.from)} END AS ${name(column.name)}`,
  );
  // Rows without an entity or a time find nothing, and stay.
  const newest = `(SELECT ${["moment.cascade_row", ...values].join(", ")} FROM ${moments} moment ASOF LEFT JOIN ${newestRows(past, "cascade_key, cascade_time")} past ON moment.cascade_key = past.cascade_key AND moment.cascade_time >= past.cascade_time)`;
  const counted = aggregatesOrNone(aggregates, () =>
    aggregatesAt(
      past,
      `(SELECT * FROM ${moments} WHERE cascade_key IS NOT NULL AND cascade_time IS NOT NULL)`,
      aggregates,
    ),
  );
  const table = `cascade_joined_${index}`;
  const found = [...columns.map(({ name: column }) => name(column)), ...counted.values];
  await database.run(
    `CREATE TEMP TABLE ${table} AS SELECT ${["cascade_row", ...found].join(", ")} FROM ${newest}${counted.join}`,
  );
  const newestColumns = columns.map((column) => ({
    name: column.name,
    type: known(past.columns, column.from).type,
  }));
  return { table, columns: [...newestColumns, ...counted.columns] };
}

function aggregatesOrNone(
  aggregates: readonly Aggregate[],
  compile: () => ReturnType<typeof aggregatesAt>,
): { readonly join: string; readonly values: readonly string[]; readonly columns: readonly Column[] } {
  if (aggregates.length === 0) return { join: "", values: [], columns: [] };
  const { query, columns } = compile();
  return {
    join: ` LEFT JOIN ${query} USING (cascade_row)`,
    // Nothing happened to nobody.
    values: aggregates.map(({ name: column, function: calculated }) =>
      calculated === "count" ? `coalesce(${name(column)}, 0) AS ${name(column)}` : name(column),
    ),
    columns,
  };
}
