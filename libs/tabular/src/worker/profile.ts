import type { Bound, ColumnProfile, Profile } from "../profile-types.ts";
import type { CanonicalColumn } from "./canonical.ts";
import { type Access, type Database, type Row, withDatabase } from "./database.ts";
import { isoFromMicros } from "./json-safe.ts";
import { openTable } from "./source.ts";
import { double } from "./sql-text.ts";

const BINS = 20;
const DISTINCT_EXACT_MAX = 10_000;
const TOP_VALUES = 50;
const TEXT_MAX = 256;

export type ProfileArguments = { readonly access: Access; readonly path: string };

/**
 * Two scans of all columns, and one of each column with few values. Measured on 10 million rows: exact
 * quantiles and exact distinct counts of wide columns cost more than everything here together.
 */
export async function profile({ access, path }: ProfileArguments): Promise<Profile> {
  return withDatabase(access, async (database) => {
    const { relation, columns } = await openTable(database, [path]);
    const first = await database.one(
      `SELECT count(*) AS n${columns.map(firstScan).join("")} FROM ${relation}`,
    );
    const second = await database.one(
      `SELECT 1 AS one${columns.map((column, index) => secondScan(column, index, first)).join("")} FROM ${relation}`,
    );
    const rowCount = Number(first.n);
    const profiles: ColumnProfile[] = [];
    for (const [index, column] of columns.entries()) {
      profiles.push(await describeColumn(database, relation, column, index, rowCount, first, second));
    }
    return { rowCount, columns: profiles };
  });
}

/** A column as a number, for everything that is arithmetic: timestamps count microseconds. */
function numeric(column: CanonicalColumn): string | undefined {
  if (column.type === "string") return undefined;
  if (column.type === "timestamp")
    return `CASE WHEN isfinite(${column.sql}) THEN epoch_us(${column.sql}) END`;
  if (column.type === "number") return `CASE WHEN isfinite(${column.sql}) THEN ${column.sql} END`;
  return column.type === "boolean" ? `CAST(${column.sql} AS INTEGER)` : column.sql;
}

function firstScan(column: CanonicalColumn, index: number): string {
  const value = numeric(column);
  const bounded = value ?? `${column.sql}[:${TEXT_MAX}]`;
  const parts = [
    `count(${column.sql}) AS count${index}`,
    `min(${bounded}) AS min${index}`,
    `max(${bounded}) AS max${index}`,
    `approx_count_distinct(${column.sql}) AS distinct${index}`,
    ...(value === undefined ? [] : [`avg(${value}) AS mean${index}`, `count(${value}) AS finite${index}`]),
  ];
  return `, ${parts.join(", ")}`;
}

// The deviation around a known mean is exact where sums of squares cancel out.
function secondScan(column: CanonicalColumn, index: number, first: Row): string {
  const value = numeric(column);
  if (value === undefined || column.type === "boolean" || !Number(first[`finite${index}`])) return "";
  const edges = edgesOf(first, index);
  const parts = [
    `sum(pow(CAST(${value} AS DOUBLE) - ${double(Number(first[`mean${index}`]))}, 2)) AS squares${index}`,
  ];
  if (edges.length > 1) {
    const counted = `histogram(CAST(${value} AS DOUBLE), [${edges.slice(1).map(double).join(", ")}])`;
    parts.push(`map_keys(${counted}) AS keys${index}`, `map_values(${counted}) AS values${index}`);
  }
  return `, ${parts.join(", ")}`;
}

function edgesOf(first: Row, index: number): number[] {
  const [min, max] = [Number(first[`min${index}`]), Number(first[`max${index}`])];
  if (min === max) return [min];
  const edges = Array.from({ length: BINS + 1 }, (_, edge) =>
    edge === BINS ? max : min + (max - min) * (edge / BINS),
  );
  // Bounds that are next to each other as floating-point numbers have no room for so many edges.
  return edges.every(Number.isFinite) ? [...new Set(edges)] : [min];
}

async function describeColumn(
  database: Database,
  relation: string,
  column: CanonicalColumn,
  index: number,
  rowCount: number,
  first: Row,
  second: Row,
): Promise<ColumnProfile> {
  const count = Number(first[`count${index}`]);
  const finite = Number(first[`finite${index}`] ?? count);
  const isTime = column.type === "timestamp";
  const bound = (value: unknown): Bound => {
    if (value === null || value === undefined || column.type === "boolean") return null;
    return isTime ? isoFromMicros(BigInt(Number(value))) : (value as number | string);
  };
  const arithmetic = column.type === "integer" || column.type === "number";
  const squares = second[`squares${index}`];
  const frequent = await frequentValues(database, relation, column, Number(first[`distinct${index}`]));
  const mean = first[`mean${index}`];
  return {
    name: column.name,
    type: column.type,
    nulls: rowCount - count,
    nonFinite: count - finite,
    distinct: frequent.distinct,
    distinctExact: frequent.exact,
    min: bound(first[`min${index}`]),
    max: bound(first[`max${index}`]),
    mean: (arithmetic || column.type === "boolean") && typeof mean === "number" ? finiteOrNull(mean) : null,
    standardDeviation:
      arithmetic && finite > 1 ? finiteOrNull(Math.sqrt(Number(squares) / (finite - 1))) : null,
    histogram: histogramOf(column, index, finite, first, second, (edge) =>
      isTime ? (isoFromMicros(BigInt(Math.round(edge))) ?? "") : edge,
    ),
    topValues: frequent.top,
  };
}

const finiteOrNull = (value: number) => (Number.isFinite(value) ? value : null);

function histogramOf(
  column: CanonicalColumn,
  index: number,
  finite: number,
  first: Row,
  second: Row,
  show: (edge: number) => number | string,
): ColumnProfile["histogram"] {
  if (finite === 0 || column.type === "string" || column.type === "boolean") return null;
  const edges = edgesOf(first, index);
  const [only = 0] = edges;
  if (edges.length === 1) return { edges: [show(only), show(only)], counts: [finite] };
  const keys = second[`keys${index}`] as number[];
  const values = second[`values${index}`] as number[];
  const counts = new Map(keys.map((key, place) => [key, Number(values[place])]));
  return { edges: edges.map(show), counts: edges.slice(1).map((edge) => counts.get(edge) ?? 0) };
}

async function frequentValues(
  database: Database,
  relation: string,
  column: CanonicalColumn,
  estimate: number,
): Promise<{ distinct: number; exact: boolean; top: ColumnProfile["topValues"] }> {
  if (estimate > DISTINCT_EXACT_MAX * 1.2) return { distinct: estimate, exact: false, top: [] };
  const grouped = `SELECT ${column.sql} AS value, count(*) AS count FROM ${relation} WHERE ${column.sql} IS NOT NULL GROUP BY ALL`;
  const rows = await database.rows(
    `SELECT *, count(*) OVER () AS distinct_values FROM (${grouped}) ORDER BY count DESC, value LIMIT ${TOP_VALUES}`,
  );
  const top = rows.map((row) => ({ value: shown(row.value), count: Number(row.count) }));
  return { distinct: Number(rows[0]?.distinct_values ?? 0), exact: true, top };
}

function shown(value: unknown): string | number | boolean {
  if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) return value;
  return String(value).slice(0, TEXT_MAX);
}
