import { categoryOf } from "../drift.ts";
import type { Values } from "./compare-values.ts";
import { sumOf } from "./sum.ts";

const BINS = 100;

/**
 * Which share of what is to be known about a label one column alone tells: 1 where the label follows from it, 0
 * where it says nothing. Rows are grouped by the column (its hundredths where it is a number), and each row's label
 * is guessed from the other rows of its group: R² of the label's value, or of its classes (Brier). Because a row
 * never guesses itself, a column of identifiers explains nothing.
 */
export function explainedShare(column: Values, label: Values, kind: "value" | "class"): number {
  const rows = rowsWith(label);
  const groups = groupsOf(column, rows);
  const errors = kind === "value" ? squaredErrors(label, rows) : classErrors(label, rows);
  const alone = errors([rows]);
  if (!(alone > 0) || !Number.isFinite(alone)) return 0;
  return Math.max(0, 1 - errors(groups) / alone);
}

/** The places of rows that have a label. */
function rowsWith(label: Values): number[] {
  const rows: number[] = [];
  for (let row = 0; row < label.length; row += 1) if (!isMissing(label[row])) rows.push(row);
  return rows;
}

function isMissing(value: string | number | null | undefined): boolean {
  return value === null || value === undefined || (typeof value === "number" && !Number.isFinite(value));
}

function groupsOf(column: Values, rows: readonly number[]): number[][] {
  const groups = new Map<string, number[]>();
  const nameOf = column instanceof Float64Array ? binOf(column, rows) : (row: number) => `=${column[row]}`;
  for (const row of rows) {
    const name = isMissing(column[row]) ? "missing" : nameOf(row);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}

/** Equal numbers are in one bin, whose number is the rank of the first of them. */
function binOf(column: Float64Array, rows: readonly number[]): (row: number) => string {
  const sorted = Float64Array.from(rows, (row) => column[row] ?? Number.NaN)
    .filter(Number.isFinite)
    .sort();
  const bins = new Map<number, string>();
  sorted.forEach((value, rank) => {
    if (!bins.has(value)) bins.set(value, String(Math.floor((rank * BINS) / sorted.length)));
  });
  return (row) => bins.get(column[row] ?? 0) ?? "missing";
}

type Errors = (groups: readonly (readonly number[])[]) => number;

/** A value guessed as the mean of the others is off by n / (n - 1) of its distance from the mean of all. */
function squaredErrors(label: Values, rows: readonly number[]): Errors {
  const value = (row: number) => Number(label[row]);
  const meanOf = (group: readonly number[]) => sumOf(group.map((row) => value(row) / group.length));
  const overall = meanOf(rows);
  return (groups) =>
    sumOf(
      groups.map((group) => {
        const [mean, factor] =
          group.length === 1 ? [overall, 1] : [meanOf(group), group.length / (group.length - 1)];
        return sumOf(group.map((row) => (factor * (value(row) - mean)) ** 2));
      }),
    );
}

/** The classes guessed as their shares among the others; of one row alone, among all rows. */
function classErrors(label: Values, rows: readonly number[]): Errors {
  const classOf = (row: number) => categoryOf(label[row]);
  const overall = distanceFrom(countBy(rows, classOf), rows.length, 0);
  return (groups) =>
    sumOf(
      groups.map((group) => {
        if (group.length === 1) return overall(classOf(group[0] ?? 0));
        const counts = countBy(group, classOf);
        const distance = distanceFrom(counts, group.length - 1, 1);
        return sumOf([...counts].map(([name, count]) => count * distance(name)));
      }),
    );
}

/** Squared distance of a row's class from the shares of all classes among `total` others, itself left out. */
function distanceFrom(counts: ReadonlyMap<string, number>, total: number, itself: number) {
  const squares = sumOf([...counts.values()].map((count) => count ** 2));
  return (name: string) => {
    const count = counts.get(name) ?? 0;
    return (1 - (count - itself) / total) ** 2 + (squares - count ** 2) / total ** 2;
  };
}

function countBy(rows: readonly number[], nameOf: (row: number) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(nameOf(row), (counts.get(nameOf(row)) ?? 0) + 1);
  return counts;
}
