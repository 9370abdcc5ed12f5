import { categoryOf } from "../drift.ts";
import { tabularErrors } from "../errors.ts";
import type { ColumnReference, Reference, ReferenceColumn } from "../reference-types.ts";
import type { CanonicalColumn } from "./canonical.ts";
import { type Access, type Database, withDatabase } from "./database.ts";
import { known } from "./select.ts";
import { openTable } from "./source.ts";
import { double } from "./sql-text.ts";

const CATEGORIES_MAX = 100;
// Exact quantiles need every value in memory. Of more rows than this every n-th is taken, always the same ones.
const QUANTILE_ROWS_MAX = 1_000_000;

export type ReferenceArguments = {
  readonly access: Access;
  readonly path: string;
  readonly columns: readonly ReferenceColumn[];
  readonly bins: number;
};

export async function reference({ access, path, columns, bins }: ReferenceArguments): Promise<Reference> {
  return withDatabase(access, async (database) => {
    const table = await openTable(database, [path]);
    const rowCount = await database.number(`SELECT count(*) FROM ${table.relation}`);
    const described: ColumnReference[] = [];
    for (const { name, kind } of columns) {
      const column = known(table.columns, name);
      described.push(
        kind === "numeric"
          ? await numericReference(database, table.relation, column, bins, rowCount)
          : await categoricalReference(database, table.relation, column, rowCount),
      );
    }
    return { rowCount, columns: described };
  });
}

const shareOf = (count: number, rowCount: number) => (rowCount === 0 ? 0 : count / rowCount);

async function numericReference(
  database: Database,
  relation: string,
  column: CanonicalColumn,
  bins: number,
  rowCount: number,
): Promise<ColumnReference> {
  if (column.type === "string" || column.type === "timestamp") {
    throw tabularErrors.valueNotOfType(column.name, "number", undefined, column.type);
  }
  const value = `CAST(${column.sql} AS DOUBLE)`;
  const step = Math.ceil(rowCount / QUANTILE_ROWS_MAX);
  const sampled =
    step <= 1
      ? relation
      : `(SELECT * FROM (SELECT *, row_number() OVER () AS cascade_row FROM ${relation}) WHERE cascade_row % ${step} = 0)`;
  const quantiles = Array.from({ length: Math.max(0, bins - 1) }, (_, index) => (index + 1) / bins);
  const found = await database.one(
    `SELECT quantile_disc(${value}, [${quantiles.join(", ")}]) FILTER (WHERE isfinite(${value})) AS edges FROM ${sampled}`,
  );
  // Many equal values give equal quantiles; one edge is enough for them.
  const edges = [...new Set((found.edges as number[] | null) ?? [])];
  const cells = edges.map((edge, index) => `WHEN ${value} <= ${double(edge)} THEN ${index}`).join(" ");
  const missing = edges.length + 1;
  const cell = `CASE WHEN ${column.sql} IS NULL OR isnan(${value}) THEN ${missing} ${cells} ELSE ${edges.length} END`;
  const counts = new Array<number>(missing + 1).fill(0);
  for (const row of await database.rows(
    `SELECT ${cell} AS cell, count(*) AS count FROM ${relation} GROUP BY cell`,
  )) {
    counts[Number(row.cell)] = Number(row.count);
  }
  return {
    name: column.name,
    kind: "numeric",
    edges,
    shares: counts.map((count) => shareOf(count, rowCount)),
  };
}

async function categoricalReference(
  database: Database,
  relation: string,
  column: CanonicalColumn,
  rowCount: number,
): Promise<ColumnReference> {
  const present =
    column.type === "number"
      ? `${column.sql} IS NOT NULL AND NOT isnan(${column.sql})`
      : `${column.sql} IS NOT NULL`;
  const values = await database.rows(
    `SELECT ${column.sql} AS value, count(*) AS count FROM ${relation} WHERE ${present} GROUP BY value ORDER BY count DESC, value LIMIT ${CATEGORIES_MAX}`,
  );
  const missing = rowCount - (await database.number(`SELECT count(*) FROM ${relation} WHERE ${present}`));
  const counts = values.map((row) => Number(row.count));
  const other = rowCount - missing - counts.reduce((sum, count) => sum + count, 0);
  return {
    name: column.name,
    kind: "categorical",
    categories: values.map((row) => categoryOf(row.value)),
    shares: [...counts, other, missing].map((count) => shareOf(count, rowCount)),
  };
}
