import { type CategoryLimits, orderCategories } from "../category-order.ts";
import type { FeatureColumn, LabelledTable } from "../table.ts";

/** How a raw column becomes the number that trees compare. */
export type FeatureEncoding =
  | { readonly name: string; readonly type: "number" }
  | { readonly name: string; readonly type: "category"; readonly categories: readonly string[] };

/** Decides the encodings from the training part alone. */
export function chooseEncodings(
  { features, label }: LabelledTable,
  limits: CategoryLimits,
): FeatureEncoding[] {
  return features.columns.map((column) =>
    column.type === "number"
      ? { name: column.name, type: "number" }
      : { name: column.name, type: "category", categories: orderCategories(column, label, limits) },
  );
}

/** The column as float32: numbers as they are, categories as their position in the order, others as NaN. */
export function encodeColumn(encoding: FeatureEncoding, column: FeatureColumn): Float32Array {
  if (encoding.type !== column.type) {
    throw new TypeError(`Column ${column.name} is a ${column.type}; the model expects a ${encoding.type}.`);
  }
  if (encoding.type === "number" || column.type === "number") {
    return column.type === "number" ? column.values : new Float32Array();
  }
  const positions = new Map(encoding.categories.map((category, position) => [category, position]));
  const byCode = column.categories.map((category) => positions.get(category) ?? Number.NaN);
  return Float32Array.from(column.codes, (code) => byCode[code] ?? Number.NaN);
}
