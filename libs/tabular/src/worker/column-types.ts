import type { Column, ColumnType } from "../types.ts";
import { PHYSICAL_TYPE } from "./canonical.ts";
import type { Database } from "./database.ts";
import { readOrExplain } from "./source.ts";
import type { Source } from "./source-types.ts";
import { looksLike, looksPlainlyLike } from "./text-types.ts";

/** Rows from the beginning of a file that say what its columns may be: the first few leave little to ask of the rest. */
const SAMPLE_ROWS = [128, 8192] as const;
const CANDIDATES = ["boolean", "integer", "number", "timestamp"] as const;
type Candidate = (typeof CANDIDATES)[number];

/** What the values of a column allow: the first type is the one that it has; none is a string. */
type Allowed = { readonly types: readonly ColumnType[]; readonly isEmpty: boolean };
/** Of columns that are of no use here, nothing is said. */
export type AllowedTypes = ReadonlyMap<string, Allowed>;

const ANY: Allowed = { types: CANDIDATES, isEmpty: true };

/** What the beginning of a file allows its columns to be: of what it rules out, the rest can bring nothing back. */
export async function sampleTypes(database: Database, source: Source): Promise<AllowedTypes> {
  let allowed: AllowedTypes = new Map();
  for (const rows of SAMPLE_ROWS) {
    const relation = `(SELECT * FROM ${source.relation} LIMIT ${rows})`;
    allowed = await narrow(database, { ...source, relation }, allowed);
  }
  return allowed;
}

/** What all values of a file allow, of what is not ruled out yet. */
export async function narrow(
  database: Database,
  source: Source,
  sampled: AllowedTypes,
): Promise<AllowedTypes> {
  const allowed = new Map<string, Allowed>();
  const open: { name: string; sql: string; types: readonly Candidate[] }[] = [];
  for (const { name, sql, type } of source.columns) {
    const before: Allowed =
      type === undefined ? (sampled.get(name) ?? ANY) : { types: [type], isEmpty: false };
    allowed.set(name, before);
    const types = CANDIDATES.filter((candidate) => before.types.includes(candidate));
    if (type === undefined && types.length > 0) open.push({ name, sql, types });
  }
  if (open.length === 0) return allowed;
  const counts = open.flatMap(({ sql, types }, index) => [
    `count(${sql}) AS n${index}`,
    ...types.map((type) => `count_if(${looksQuicklyLike(sql, type)}) AS ${type}${index}`),
  ]);
  const found = await readOrExplain(database, source, () =>
    database.one(`SELECT ${counts.join(", ")} FROM ${source.relation}`),
  );
  for (const [index, { name, types }] of open.entries()) {
    const values = Number(found[`n${index}`]);
    const left = types.filter((type) => Number(found[`${type}${index}`]) === values);
    allowed.set(name, { types: left, isEmpty: values === 0 });
  }
  return allowed;
}

function looksQuicklyLike(sql: string, type: Candidate): string {
  const value = `TRY_CAST(${sql} AS ${PHYSICAL_TYPE[type]})`;
  return `CASE WHEN ${looksPlainlyLike(sql, value, type)} THEN true ELSE ${looksLike(sql, type)} END`;
}

/**
 * The type that each column gets from what is allowed in each file; undefined where no value says anything.
 * `known` are types that columns had before: they stay where they hold what is there now, because a text column may
 * well have only digits once.
 */
export function typesOf(
  files: readonly AllowedTypes[],
  known: readonly Column[],
): Map<string, ColumnType | undefined> {
  const types = new Map<string, ColumnType | undefined>();
  for (const file of files)
    for (const [column, { types: allowed, isEmpty }] of file)
      types.set(column, commonType(types.get(column), isEmpty ? undefined : (allowed[0] ?? "string")));
  for (const { name, type } of known)
    if (types.has(name) && commonType(types.get(name), type) === type) types.set(name, type);
  return types;
}

/** The type that holds the values of both. */
function commonType(a: ColumnType | undefined, b: ColumnType | undefined): ColumnType | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  const numeric = (type: ColumnType) => type === "integer" || type === "number";
  return numeric(a) && numeric(b) ? "number" : "string";
}
