import type { DataOf, WindowClosedV1 } from "@cascade/contracts";
import { populationStabilityIndex } from "@cascade/tabular";
import { chanceBound } from "./chance.ts";
import type { CountedWindow } from "./fill-windows.ts";
import type { MonitoringPolicy } from "./monitoring-policy.ts";
import { predictionColumn } from "./prediction.ts";
import type { WatchedVersion } from "./watched-version.ts";

export type ColumnScore = DataOf<typeof WindowClosedV1>["columns"][number];

export interface DriftVerdict {
  /** The watched columns, and the answers themselves, which do not count for the verdict. */
  readonly columns: readonly ColumnScore[];
  readonly drifted: boolean;
}

/**
 * Compares a window with the reference of its version. A column drifts when its score passes the threshold of
 * the pipeline, or what chance alone can give where that is more; the answers may change because the features
 * do, so only features decide.
 */
export function judgeDrift(
  window: CountedWindow,
  { reference }: WatchedVersion,
  drift: MonitoringPolicy["monitoring"]["drift"],
): DriftVerdict {
  if (drift === null) return { columns: [], drifted: false };
  const watched = drift.columns === undefined ? undefined : new Set([...drift.columns, predictionColumn]);
  const columns = Object.values(reference.columns)
    .filter(({ name }) => watched?.has(name) ?? true)
    .map((column): ColumnScore => {
      const score = Math.max(0, populationStabilityIndex(column, window.counts.columns[column.name] ?? []));
      const chance = chanceBound(column, reference.rowCount, window.predictions);
      const threshold = Math.max(drift.threshold, chance);
      return { column: column.name, test: "psi", score, threshold, drifted: score > threshold };
    });
  const features = columns.filter(({ column, drifted }) => drifted && column !== predictionColumn);
  return { columns, drifted: features.length >= drift.minColumns };
}
