import type { Deps } from "../deps.ts";
import type { Demands } from "../domain/demands.ts";
import { findAcceptedRows } from "./accepted-datasets.ts";

/** Fetches what was accepted last of the pipelines that columns refer to: a path by pipeline, where there is one. */
export async function fetchReferencedTables(
  { validation }: Demands,
  folder: string,
  { database, store }: Pick<Deps, "database" | "store">,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const pipelines = [...new Set((validation.references ?? []).map(({ pipeline }) => pipeline))];
  if (pipelines.length === 0) return {};
  const tables: Record<string, string> = {};
  for (const [pipeline, rows] of await findAcceptedRows(database, pipelines)) {
    tables[pipeline] = await store.fetchToFile(rows, folder, { signal });
  }
  return tables;
}
