import { tabularErrors } from "../errors.ts";
import type { Column } from "../types.ts";
import type { Database } from "./database.ts";
import { explainRead } from "./source.ts";
import type { Source } from "./source-types.ts";
import { readColumn } from "./table-query.ts";

/** Which value it was that could not be read as the type of its column, the first in the order of the files. */
export async function explainValues(
  database: Database,
  sources: readonly Source[],
  table: readonly Column[],
  error: unknown,
): Promise<unknown> {
  for (const source of sources) {
    const bad = table
      .map((column) => ({ column, ...readColumn(source, column) }))
      .filter(({ raw, value }) => value !== raw && raw !== "NULL");
    const place = unusedName("cascade_row", source);
    const wrong = bad.flatMap(({ raw, value }, index) => {
      const where = `FILTER (WHERE ${raw} IS NOT NULL AND (${value}) IS NULL)`;
      return [`min(${place}) ${where} AS c${index}`, `count(*) ${where} AS n${index}`];
    });
    const numbered = `(SELECT *, row_number() OVER () AS ${place} FROM ${source.relation})`;
    try {
      const first =
        wrong.length === 0 ? {} : await database.one(`SELECT ${wrong.join(", ")} FROM ${numbered}`);
      if (wrong.length === 0) await database.one(`SELECT count(COLUMNS(*)) FROM ${source.relation}`);
      const rows = bad.map((_, index) => first[`c${index}`]);
      const at = rows.reduce<number>(
        (best, row, index) =>
          row !== null && row !== undefined && (best < 0 || Number(row) < Number(rows[best])) ? index : best,
        -1,
      );
      const found = bad[at];
      if (!found) continue;
      const row = Number(rows[at]);
      const value = await database.one(
        `SELECT CAST(${found.raw} AS VARCHAR) AS value FROM ${numbered} WHERE ${place} = ${row}`,
      );
      const count = bad.reduce((sum, _, index) => sum + Number(first[`n${index}`]), 0);
      const { name: column, type } = found.column;
      return tabularErrors.valueNotOfType(column, type, row, String(value.value), count);
    } catch (problem) {
      return explainRead(database, source, problem);
    }
  }
  return sources.length === 1 && sources[0] ? explainRead(database, sources[0], error) : error;
}

/** A name that none of the file's columns has. */
function unusedName(wanted: string, { columns }: Source): string {
  const taken = new Set(columns.map((column) => column.name.toLowerCase()));
  let name = wanted;
  while (taken.has(name)) name += "_";
  return name;
}
