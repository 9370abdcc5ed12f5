import type { Column } from "../types.ts";
import { PHYSICAL_TYPE } from "./canonical.ts";
import { name, text } from "./sql-text.ts";

/**
 * A relation over rows that arrive as one JSON parameter, their values named by their place. The
 * engine sees every value as exactly its column's type, the same type that a stored table has.
 */
export function rowsFromJson(columns: readonly Column[]): string {
  const fields = columns.map(
    (column, index) => `${JSON.stringify(`c${index}`)}: ${JSON.stringify(PHYSICAL_TYPE[column.type])}`,
  );
  const named = columns.map((column, index) => `${name(`c${index}`)} AS ${name(column.name)}`);
  // The first field keeps rows apart that have no column at all.
  const structure = `[{${['"row": "BIGINT"', ...fields].join(", ")}}]`;
  return `(SELECT ${["row AS cascade_row", ...named].join(", ")} FROM (SELECT unnest(from_json($1::JSON, ${text(structure)}), recursive := true)))`;
}

/** The parameter for `rowsFromJson`. */
export function jsonOf(rows: readonly (readonly unknown[])[]): string {
  return JSON.stringify(
    rows.map((values, row) =>
      Object.fromEntries([["row", row], ...values.map((value, index) => [`c${index}`, value] as const)]),
    ),
  );
}
