import type { Predictions } from "../learners/predictions.ts";
import type { FeatureColumn, FeatureTable } from "../learners/table.ts";

const sampleRows = 100;

export interface SamplePredictions {
  readonly rows: readonly Readonly<Record<string, number | string | null>>[];
  readonly predictions: readonly (readonly number[])[];
}

/** Rows with the learner's own answers, for comparison with what the exported model answers. */
export function samplePredictions(table: FeatureTable, { width, values }: Predictions): SamplePredictions {
  const rows: SamplePredictions["rows"][number][] = [];
  const predictions: number[][] = [];
  for (let row = 0; row < table.rowCount && rows.length < sampleRows; row++) {
    const cells = table.columns.map((column) => [column.name, cellOf(column, row)] as const);
    // JSON has no infinity, so rows with one cannot be written down.
    if (cells.some(([, cell]) => cell === Number.POSITIVE_INFINITY || cell === Number.NEGATIVE_INFINITY))
      continue;
    rows.push(Object.fromEntries(cells));
    predictions.push([...values.subarray(row * width, (row + 1) * width)]);
  }
  return { rows, predictions };
}

function cellOf(column: FeatureColumn, row: number): number | string | null {
  if (column.type === "category") return column.categories[column.codes[row] ?? -1] ?? null;
  const value = column.values[row] ?? Number.NaN;
  return Number.isNaN(value) ? null : value;
}
