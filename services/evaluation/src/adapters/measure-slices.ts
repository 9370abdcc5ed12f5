import type { GateSpec, ServableModel } from "@cascade/contracts";
import type { Meter } from "@cascade/metrics";
import { isSliced, type MeasuredSlice, slicedColumn } from "../domain/judge-slices.ts";
import { sliceBy } from "../domain/slices.ts";
import type { Holdout } from "./holdout.ts";

/** Measures both models on the slices that the gates ask for, by the feature that they are made of. */
export async function measureSlices(
  gates: readonly GateSpec[],
  { features }: Pick<ServableModel, "features">,
  holdout: Holdout,
  { candidate, champion }: { readonly candidate: Meter; readonly champion: Meter | undefined },
): Promise<ReadonlyMap<string, readonly MeasuredSlice[]>> {
  const names = new Set(gates.filter(isSliced).map(slicedColumn));
  const measured = new Map<string, readonly MeasuredSlice[]>();
  for (const feature of features.filter(({ name }) => names.has(name))) {
    const { columns } = await holdout.readFeatures([feature], { offset: 0, limit: holdout.rowCount });
    const slices = sliceBy(columns[feature.name] ?? []);
    measured.set(
      feature.name,
      slices.map(({ name, rows, weights }) => ({
        name,
        rows,
        metrics: candidate.measure(weights),
        ...(champion === undefined ? {} : { champion: champion.measure(weights) }),
      })),
    );
  }
  return measured;
}
