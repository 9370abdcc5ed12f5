/** What point-in-time joins are to give, written down as plainly as can be: the oracle of the property tests. */

export interface PastRow {
  readonly key: string | null;
  /** Milliseconds; null where it is not known when it happened. */
  readonly time: number | null;
  readonly created: number | null;
  readonly value: number | null;
  readonly name: string | null;
}

export interface Moment {
  readonly key: string | null;
  readonly time: number | null;
}

/** The later one counts more; `rows` are in the order in which they were taken in. */
function inOrder(rows: readonly PastRow[]): PastRow[] {
  return rows
    .map((row, place) => ({ row, place }))
    .filter(({ row }) => row.time !== null)
    .sort(
      (a, b) =>
        (a.row.time ?? 0) - (b.row.time ?? 0) ||
        (a.row.created ?? Number.NEGATIVE_INFINITY) - (b.row.created ?? Number.NEGATIVE_INFINITY) ||
        a.place - b.place,
    )
    .map(({ row }) => row);
}

/** The newest row that is not newer than the moment, nor older than it may be. */
export function newestBefore(
  rows: readonly PastRow[],
  { key, time }: Moment,
  ttlMs: number,
): PastRow | undefined {
  if (key === null || time === null) return undefined;
  const found = inOrder(rows).findLast((row) => row.key === key && (row.time ?? 0) <= time);
  return found !== undefined && time - (found.time ?? 0) <= ttlMs ? found : undefined;
}

/** The rows of a window that ends before the moment. */
export function inWindow(rows: readonly PastRow[], { key, time }: Moment, overMs: number): PastRow[] {
  if (key === null || time === null) return [];
  return inOrder(rows).filter(
    (row) => row.key === key && (row.time ?? 0) < time && (row.time ?? 0) >= time - overMs,
  );
}

export function aggregatesOf(rows: readonly PastRow[]) {
  const values = rows.flatMap(({ value }) => (value === null ? [] : [value]));
  const names = rows.flatMap(({ name }) => (name === null ? [] : [name]));
  const sum = values.reduce((total, value) => total + value, 0);
  const known = values.length > 0;
  return {
    count: rows.length,
    values: values.length,
    sum: known ? sum : null,
    avg: known ? sum / values.length : null,
    min: known ? Math.min(...values) : null,
    max: known ? Math.max(...values) : null,
    last: names.at(-1) ?? null,
  };
}
