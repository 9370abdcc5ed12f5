import { addCounts, type CellCounts, countAgainst } from "@cascade/tabular";
import { type LoggedPrediction, watchedRow } from "./prediction.ts";
import { referenceOf, type WatchedVersion } from "./watched-version.ts";

/** The predictions of a version, counted into the cells of its reference. */
export interface CountedWindow {
  readonly version: number;
  readonly counts: CellCounts;
  readonly predictions: number;
  readonly openedAt: Date;
  readonly lastAt: Date;
}

export interface Filled {
  readonly closed: readonly CountedWindow[];
  /** Absent where the last prediction has closed the window. */
  readonly open?: CountedWindow;
}

/** Counts predictions into the open window; each time it is full it closes and the next one opens. */
export function fillWindows(
  version: WatchedVersion,
  open: CountedWindow | undefined,
  predictions: readonly LoggedPrediction[],
  size: number,
): Filled {
  const reference = referenceOf(version.reference);
  const closed: CountedWindow[] = [];
  let current = open;
  for (let start = 0; start < predictions.length; ) {
    // A window may hold more than a size that was made smaller meanwhile: one more prediction closes it.
    const space = Math.max(1, size - (current?.predictions ?? 0));
    const taken = predictions.slice(start, start + space);
    start += taken.length;
    const rows = taken.map((prediction) => watchedRow(prediction, version));
    current = join(version.version, current, countAgainst(reference, rows), taken);
    if (current.predictions < size) continue;
    closed.push(current);
    current = undefined;
  }
  return { closed, ...(current === undefined ? {} : { open: current }) };
}

function join(
  version: number,
  before: CountedWindow | undefined,
  counts: CellCounts,
  predictions: readonly LoggedPrediction[],
): CountedWindow {
  const times = predictions.map(({ at }) => Date.parse(at));
  const known = before === undefined ? [] : [before.openedAt.getTime(), before.lastAt.getTime()];
  const [from, to] = spanOf([...times, ...known]);
  return {
    version,
    counts: before === undefined ? counts : addCounts(counts, before.counts),
    predictions: (before?.predictions ?? 0) + predictions.length,
    openedAt: new Date(from),
    lastAt: new Date(to),
  };
}

function spanOf(times: readonly number[]): [number, number] {
  return times.reduce<[number, number]>(
    ([from, to], time) => [Math.min(from, time), Math.max(to, time)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}
