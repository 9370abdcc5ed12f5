import { stat } from "node:fs/promises";
import type { FileFormat } from "../types.ts";
import { type CanonicalColumn, canonicalColumns } from "./canonical.ts";
import { type Access, withDatabase } from "./database.ts";
import { asReadError, readParquet } from "./source.ts";
import { name, text } from "./sql-text.ts";
import { PARQUET_OPTIONS } from "./to-parquet.ts";

export type ExportArguments = {
  readonly access: Access;
  readonly path: string;
  readonly output: string;
  readonly format: FileFormat;
  /** In CSV: a ' in front of texts that a spreadsheet would take for a formula. */
  readonly guardFormulas?: boolean | undefined;
};
export type Exported = {
  readonly rowCount: number;
  readonly sizeBytes: number;
  readonly guardedCells: number;
};

const OPTIONS: Readonly<Record<FileFormat, string>> = {
  csv: "FORMAT csv, HEADER true, USE_TMP_FILE false",
  json: "FORMAT json, ARRAY true, USE_TMP_FILE false",
  "json-lines": "FORMAT json, USE_TMP_FILE false",
  parquet: PARQUET_OPTIONS,
};

/**
 * Writes a table for people and other programs. The engine writes it, so that whole numbers keep all their digits;
 * the reasons of quarantined rows become one text.
 */
export async function exportRows({
  access,
  path,
  output,
  format,
  guardFormulas = false,
}: ExportArguments): Promise<Exported> {
  return withDatabase(access, async (database) => {
    const relation = readParquet([path]);
    const { columns, unsupported } = await canonicalColumns(database, `SELECT * FROM ${relation}`).catch(
      (error) => {
        throw asReadError(error, { path, format: "parquet" });
      },
    );
    const guards = format === "csv" && guardFormulas;
    const reasons = unsupported.includes("_reasons")
      ? [{ name: "_reasons", type: "string" as const, sql: `array_to_string("_reasons", '; ')` }]
      : [];
    const all = [...columns, ...reasons];
    const selected = all.map((column) => `${shownAs(column, format, guards)} AS ${name(column.name)}`);
    await database.run(
      `COPY (SELECT ${selected.join(", ")} FROM ${relation}) TO ${text(output)} (${OPTIONS[format]})`,
    );
    const guarded = guards
      ? all.filter(({ type }) => type === "string").map(({ sql }) => `count_if(${isFormula(sql)})`)
      : [];
    const counted = await database.one(
      `SELECT count(*) AS rows, ${guarded.length === 0 ? "0" : guarded.join(" + ")} AS guarded FROM ${relation}`,
    );
    return {
      rowCount: Number(counted.rows),
      sizeBytes: (await stat(output)).size,
      guardedCells: Number(counted.guarded),
    };
  });
}

// What spreadsheets read as the beginning of a formula (OWASP, CSV Injection).
const isFormula = (sql: string) => `coalesce(regexp_matches(${sql}, '^[=+\\-@\\t\\r]'), false)`;

function shownAs({ type, sql }: CanonicalColumn, format: FileFormat, guards: boolean): string {
  if (format === "parquet") return sql;
  if (type === "timestamp") return `strftime(${sql}, '%Y-%m-%dT%H:%M:%S.%fZ')`;
  if (type === "string" && guards) return `CASE WHEN ${isFormula(sql)} THEN '''' || ${sql} ELSE ${sql} END`;
  // There is no NaN and no infinity in JSON.
  if (type === "number" && format === "json-lines") return `CASE WHEN isfinite(${sql}) THEN ${sql} END`;
  return sql;
}
