import type { FeatureTable } from "../table.ts";
import { type LinearEncoding, standardised } from "./linear-encoding.ts";

/**
 * The encoded table. Every row has the same few non-zero entries: its numbers, one hot entry for each
 * category column, and the intercept. Only those are kept, so a column with a hundred categories costs no
 * more than a number.
 */
export interface Design {
  readonly rowCount: number;
  /** Weights in all; the intercept is the last. */
  readonly width: number;
  /** Non-zero entries of a row. */
  readonly entries: number;
  readonly positions: Int32Array;
  readonly values: Float64Array;
}

export function buildDesign(encodings: readonly LinearEncoding[], table: FeatureTable): Design {
  const { rowCount } = table;
  const entries = encodings.length + 1;
  const positions = new Int32Array(rowCount * entries);
  const values = new Float64Array(rowCount * entries).fill(1);
  let width = 0;
  encodings.forEach((encoding, index) => {
    const column = table.columns[index];
    if (column?.name !== encoding.name || column.type !== encoding.type) {
      throw new TypeError(`Column ${encoding.name} is missing: columns must be the model's, in its order.`);
    }
    if (encoding.type === "number" && column.type === "number") {
      for (let row = 0, at = index; row < rowCount; row++, at += entries) {
        positions[at] = width;
        values[at] = standardised(encoding, column.values[row] ?? Number.NaN);
      }
      width += 1;
    } else if (encoding.type === "category" && column.type === "category") {
      const rest = encoding.categories.length;
      const byText = new Map(encoding.categories.map((category, position) => [category, position]));
      const byCode = column.categories.map((category) => byText.get(category) ?? rest);
      for (let row = 0, at = index; row < rowCount; row++, at += entries) {
        positions[at] = width + (byCode[column.codes[row] ?? -1] ?? rest);
      }
      width += rest + 1;
    }
  });
  for (let at = entries - 1; at < positions.length; at += entries) positions[at] = width;
  return { rowCount, width: width + 1, entries, positions, values };
}

/** Weights times row. */
export function rowScore({ entries, positions, values }: Design, weights: Float64Array, row: number): number {
  let score = 0;
  for (let at = row * entries; at < (row + 1) * entries; at++) {
    score += (values[at] ?? 0) * (weights[positions[at] ?? 0] ?? 0);
  }
  return score;
}

/** Adds weight * row * row' to the lower triangle of a square matrix of the design's width. */
export function addOuterProduct(
  { entries, positions, values, width }: Design,
  row: number,
  weight: number,
  matrix: Float64Array,
): void {
  // Positions rise within a row, so the second one is never beyond the first.
  for (let first = row * entries; first < (row + 1) * entries; first++) {
    const weighted = weight * (values[first] ?? 0);
    const line = (positions[first] ?? 0) * width;
    for (let second = row * entries; second <= first; second++) {
      const at = line + (positions[second] ?? 0);
      matrix[at] = (matrix[at] ?? 0) + weighted * (values[second] ?? 0);
    }
  }
}
