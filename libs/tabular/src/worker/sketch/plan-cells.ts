import type { ClaimedBounds } from "./column-stats.ts";
import { widthEdges } from "./width-edges.ts";

const CELLS = 512;
/** Row groups that share more than this of the narrower one's width are not in order. */
const SHARED_MAX = 0.5;

export type Weighted = { readonly value: number; readonly count: number };

/**
 * Edges of about equally heavy cells, by a sample (rising, each value once). A value that is as heavy as a cell
 * gets a cell of its own, `step` below it up to it. With bounds known beforehand the edges of the histogram
 * are among them, so that its counts are exact.
 */
export function planCells(
  sample: readonly Weighted[],
  bounds: ClaimedBounds | undefined,
  below: (value: number) => number,
): number[] {
  const edges = new Set<number>();
  const weighted = bounds !== undefined && isOrdered(bounds) ? evenly(bounds) : sample;
  const total = weighted.reduce((sum, { count }) => sum + count, 0);
  let [seen, next] = [0, 1];
  for (const { value, count } of weighted) {
    seen += count;
    if (seen < (next * total) / CELLS) continue;
    if (count * CELLS >= total) edges.add(below(value));
    edges.add(value);
    while (seen >= (next * total) / CELLS) next++;
  }
  if (bounds !== undefined) {
    const { min, max } = wholeBounds(bounds);
    for (const edge of widthEdges(min, max).slice(1, -1)) edges.add(edge);
  }
  return [...edges].filter(Number.isFinite).sort((a, b) => a - b);
}

export function wholeBounds(bounds: ClaimedBounds): { min: number; max: number } {
  return bounds.reduce<{ min: number; max: number }>(
    (all, { min, max }) => ({ min: Math.min(all.min, min), max: Math.max(all.max, max) }),
    { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY },
  );
}

/**
 * Edges for a column that has grown beyond its largest value: the old ones with that value, then even ones up to
 * the new largest, about as many as new rows deserve. Old counts stay where they are.
 */
export function extendEdges(
  edges: readonly number[],
  max: number,
  newMax: number,
  newShare: number,
): number[] {
  if (!(newMax > max) || !Number.isFinite(newMax)) return [...edges];
  const steps = Math.max(8, Math.ceil(CELLS * newShare));
  const further = Array.from({ length: steps }, (_, step) => max + (newMax - max) * ((step + 1) / steps));
  const last = edges.at(-1) ?? Number.NEGATIVE_INFINITY;
  return [...edges, ...new Set([max, ...further].filter((edge) => edge > last && Number.isFinite(edge)))];
}

/** Whether neighbouring row groups hardly share values. How wide they are says nothing: one far value widens one. */
function isOrdered(bounds: ClaimedBounds): boolean {
  const rising = [...bounds].sort((a, b) => a.min - b.min || a.max - b.max);
  const overlapping = rising.slice(1).filter((group, index) => {
    const before = rising[index] ?? group;
    const shared = Math.min(before.max, group.max) - group.min;
    return shared > SHARED_MAX * Math.min(before.max - before.min, group.max - group.min);
  });
  return overlapping.length < (rising.length - 1) / 2;
}

/** In an ordered column the sample is a few heaps; the bounds of its row groups tell more. */
function evenly(bounds: ClaimedBounds): Weighted[] {
  const points = Math.ceil((4 * CELLS) / bounds.length);
  const values = bounds.flatMap(({ min, max }) =>
    Array.from({ length: points }, (_, point) => min + (max - min) * ((point + 1) / points)),
  );
  return values.sort((a, b) => a - b).map((value) => ({ value, count: 1 }));
}
