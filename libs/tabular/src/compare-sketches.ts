import { nextBelow } from "./next-below.ts";
import type { ColumnSketch, FewValues, TableSketch } from "./sketch-types.ts";
import type { ColumnType } from "./types.ts";

/** How far a column has moved. */
export type ColumnDrift = {
  readonly name: string;
  /**
   * Of numbers and times the Kolmogorov-Smirnov statistic: the largest distance between the two shares of values
   * up to a point. Of texts the share of rows that would have to change.
   */
  readonly distance: number;
  /** The true distance is at least `distance`, and larger by this at most. */
  readonly error: number;
};

/** Distances of a current window from a reference whose cells it was counted in; only of columns that both know. */
export function compareSketches(reference: TableSketch, current: TableSketch): ColumnDrift[] {
  const currents = new Map(current.columns.map((column) => [column.name, column]));
  return reference.columns.flatMap((column) => {
    const other = currents.get(column.name);
    const compared = other === undefined ? undefined : compareColumns(column, other);
    return compared === undefined ? [] : [{ name: column.name, ...compared }];
  });
}

type Distance = { readonly distance: number; readonly error: number };

function compareColumns(
  { content: a, type }: ColumnSketch,
  { content: b }: ColumnSketch,
): Distance | undefined {
  if (a.kind === "texts" || b.kind === "texts") return undefined;
  if (type === "string") return a.kind === "few" && b.kind === "few" ? sharesMoved(a, b) : undefined;
  if (a.kind === "numbers")
    return b.kind === "numbers" ? distanceAt(b.edges, a.counts, b.counts, type) : undefined;
  if (b.kind === "numbers") return distanceAt(b.edges, countsAt(a, b.edges), b.counts, type);
  const edges = [...a.values, ...b.values].map(({ value }) => Number(value)).sort((x, y) => x - y);
  return distanceAt(edges, countsAt(a, edges), countsAt(b, edges), undefined);
}

/** A list of values, counted in given cells. */
function countsAt({ values }: FewValues, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  let cell = 0;
  for (const { value, count } of values) {
    while (cell < edges.length && (edges[cell] ?? 0) < Number(value)) cell++;
    counts[cell] = (counts[cell] ?? 0) + count;
  }
  return counts;
}

/**
 * At every edge both shares are known. Within a cell the distance may be larger than at its edges, but by no more
 * than the lighter of its two shares, because both only rise; in a cell that holds one number alone it is not.
 * Without a type all cells are such.
 */
function distanceAt(
  edges: readonly number[],
  a: readonly number[],
  b: readonly number[],
  type: ColumnType | undefined,
): Distance | undefined {
  const [totalA, totalB] = [a, b].map((counts) => counts.reduce((sum, count) => sum + count, 0));
  if (!totalA || !totalB) return undefined;
  let [before, distance, bound, sumA, sumB] = [0, 0, 0, 0, 0];
  for (let cell = 0; cell <= edges.length; cell++) {
    const [countA, countB] = [a[cell] ?? 0, b[cell] ?? 0];
    sumA += countA;
    sumB += countB;
    const after = Math.abs(sumA / totalA - sumB / totalB);
    const single = type === undefined || holdsOneNumber(edges[cell - 1], edges[cell], type);
    const inside = single ? 0 : Math.min(countA / totalA, countB / totalB);
    distance = Math.max(distance, after);
    bound = Math.max(bound, Math.max(before, after) + inside);
    before = after;
  }
  return { distance, error: Math.max(0, bound - distance) };
}

function holdsOneNumber(low: number | undefined, high: number | undefined, type: ColumnType): boolean {
  if (low === undefined || high === undefined) return false;
  return type === "number" ? nextBelow(high) <= low : high - low <= 1;
}

function sharesMoved(a: FewValues, b: FewValues): Distance | undefined {
  const [totalA, totalB] = [a, b].map(({ values }) => values.reduce((sum, { count }) => sum + count, 0));
  if (!totalA || !totalB) return undefined;
  const others = new Map(b.values.map(({ value, count }) => [value, count]));
  let common = 0;
  for (const { value, count } of a.values)
    common += Math.min(count / totalA, (others.get(value) ?? 0) / totalB);
  return { distance: Math.max(0, 1 - common), error: 0 };
}
