import type { ColumnValues } from "@cascade/onnx";

/** Holdout rows that have something in common. */
export interface Slice {
  readonly name: string;
  readonly rows: number;
  /** 1 for each row that belongs to it. */
  readonly weights: Uint8Array;
}

// Of a column with more values, the most frequent ones: the rest have few rows each.
const slicesMax = 100;
const distinctNumbersMax = 10;
const quarters = 4;

/** The rows of each value; of a number with many values those of each quarter, from the lowest to the highest. */
export function sliceBy(values: ColumnValues): Slice[] {
  const texts = ArrayBuffer.isView(values)
    ? numberNames(Float64Array.from(values as ArrayLike<number>, Number))
    : values.map((value) => (value === null ? null : String(value)));
  const rowsOf = new Map<string, number[]>();
  for (const [row, text] of texts.entries()) {
    const name = text ?? "(missing)";
    const rows = rowsOf.get(name);
    if (rows === undefined) rowsOf.set(name, [row]);
    else rows.push(row);
  }
  return [...rowsOf]
    .sort(([nameA, a], [nameB, b]) => b.length - a.length || (nameA < nameB ? -1 : 1))
    .slice(0, slicesMax)
    .map(([name, rows]) => {
      const weights = new Uint8Array(texts.length);
      for (const row of rows) weights[row] = 1;
      return { name, rows: rows.length, weights };
    });
}

function numberNames(values: Float64Array): (string | null)[] {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const distinct = new Set<number>();
  for (const value of known) {
    distinct.add(value);
    if (distinct.size > distinctNumbersMax) break;
  }
  if (distinct.size <= distinctNumbersMax) {
    return Array.from(values, (value) => (Number.isNaN(value) ? null : String(value)));
  }
  const upper = Array.from({ length: quarters - 1 }, (_, index) =>
    Number(known[Math.ceil(((index + 1) * known.length) / quarters) - 1]),
  );
  const names = [`up to ${upper[0]}`, `up to ${upper[1]}`, `up to ${upper[2]}`, `above ${upper[2]}`];
  return Array.from(values, (value) => {
    if (Number.isNaN(value)) return null;
    const quarter = upper.findIndex((bound) => value <= bound);
    return names[quarter < 0 ? quarters - 1 : quarter] ?? null;
  });
}
