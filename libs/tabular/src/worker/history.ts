import type { Column } from "../types.ts";
import type { Database } from "./database.ts";
import { emptyRelation, known } from "./select.ts";
import { openTable } from "./source.ts";
import { name } from "./sql-text.ts";

/** What was known of entities and since when: the rows of a view in the order in which they were taken in. */
export type History = {
  /** None where nothing was taken in yet. */
  readonly files: readonly string[];
  /** The columns with values, as every file has them. */
  readonly columns: readonly Column[];
  /** The column that names the entity; rows without one belong to nobody. */
  readonly key: string;
  readonly time: string;
  /** Of rows with equal times the one created last counts, then the one that was taken in last. */
  readonly created?: string | undefined;
};

export type OpenHistory = {
  /** Has `cascade_key`, `cascade_time`, `cascade_ordinal`, which is higher for what counts more, and the columns. */
  readonly table: string;
  readonly columns: readonly Column[];
};

/** Brings a history into a table of its own. */
export async function openHistory(
  database: Database,
  table: string,
  { files, columns, key, time, created }: History,
): Promise<OpenHistory> {
  const helpers: Column[] = [
    { name: key, type: "string" },
    { name: time, type: "timestamp" },
    ...(created === undefined ? [] : [{ name: created, type: "timestamp" } as const]),
  ];
  const found =
    files.length > 0
      ? await openTable(database, files)
      : {
          relation: emptyRelation([...helpers, ...columns]),
          columns: [...helpers, ...columns].map((column) => ({ ...column, sql: name(column.name) })),
        };
  const sqlOf = (column: string) => known(found.columns, column).sql;
  const placed = `(SELECT ${[
    `CAST(${sqlOf(key)} AS VARCHAR) AS cascade_key`,
    `CAST(${sqlOf(time)} AS TIMESTAMP) AS cascade_time`,
    `${created === undefined ? "NULL" : sqlOf(created)} AS cascade_created`,
    "row_number() OVER () AS cascade_place",
    ...columns.map((column) => `${sqlOf(column.name)} AS ${name(column.name)}`),
  ].join(", ")} FROM ${found.relation})`;
  const order = "cascade_time, cascade_created NULLS FIRST, cascade_place";
  await database.run(
    `CREATE TEMP TABLE ${table} AS SELECT * EXCLUDE (cascade_created, cascade_place), row_number() OVER (ORDER BY ${order}) AS cascade_ordinal FROM ${placed} WHERE cascade_key IS NOT NULL AND cascade_time IS NOT NULL`,
  );
  return { table, columns };
}

/** Of the rows that are equal in some columns the one that counts most. */
export function newestRows({ table }: OpenHistory, columns: string): string {
  return `(SELECT * FROM ${table} QUALIFY row_number() OVER (PARTITION BY ${columns} ORDER BY cascade_ordinal DESC) = 1)`;
}
