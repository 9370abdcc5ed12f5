import type { Transaction, Tx } from "@cascade/postgres";
import type { CellCounts } from "@cascade/tabular";
import type { CountedWindow } from "../domain/fill-windows.ts";
import { jsonRows } from "./json-rows.ts";

interface WindowRow {
  readonly version: number;
  readonly counts: CellCounts;
  readonly predictions: number;
  readonly openedAt: Date;
  readonly lastAt: Date;
}

export async function findOpenWindows(
  tx: Tx,
  pipeline: string,
  versions: readonly number[],
): Promise<Map<number, CountedWindow>> {
  const { rows } = await tx.query<WindowRow>(
    `select version, counts, predictions, opened_at as "openedAt", last_at as "lastAt"
     from open_windows where pipeline = $1 and version = any($2::integer[])`,
    [pipeline, [...new Set(versions)]],
  );
  return new Map(rows.map((row) => [row.version, row]));
}

/** Keeps the window of a version that is being filled; none where its last prediction closed one. */
export function saveOpenWindow(
  tx: Transaction,
  pipeline: string,
  version: number,
  window: CountedWindow | undefined,
): void {
  if (window === undefined) {
    tx.send("delete from open_windows where pipeline = $1 and version = $2", [pipeline, version]);
    return;
  }
  tx.send(
    `insert into open_windows (pipeline, version, counts, predictions, opened_at, last_at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (pipeline, version) do update set counts = excluded.counts,
       predictions = excluded.predictions, opened_at = excluded.opened_at, last_at = excluded.last_at`,
    [pipeline, version, JSON.stringify(window.counts), window.predictions, window.openedAt, window.lastAt],
  );
}

export function insertClosedWindows(
  tx: Transaction,
  pipeline: string,
  kind: "drift" | "quality",
  windows: readonly { readonly windowId: string; readonly version: number }[],
  now: Date,
): void {
  if (windows.length === 0) return;
  const rows = windows.map((result) => ({ window_id: result.windowId, version: result.version, result }));
  tx.send(
    `insert into closed_windows (window_id, pipeline, version, kind, result, closed_at)
     select window_id, $1, version, $2, result, $3
     from jsonb_to_recordset($4::jsonb) as w (window_id text, version integer, result jsonb)`,
    [pipeline, kind, now, jsonRows(rows)],
  );
}
