import type { Database } from "../database.ts";
import { texts } from "../sql-text.ts";

type Text = { readonly value: string; readonly length: number };

/** Whole texts with the key that the engine makes of them. */
export async function keysOf(
  database: Database,
  values: readonly Text[],
): Promise<(Text & { key: bigint })[]> {
  const list = texts(values.map(({ value }) => value));
  const rows = await database.rows(
    `SELECT CAST(hash(value) AS VARCHAR) AS key FROM (SELECT unnest(${list}::VARCHAR[]) AS value)`,
  );
  return values.map((text, index) => ({ ...text, key: BigInt(String(rows[index]?.key ?? 0)) }));
}
