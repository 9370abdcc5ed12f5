import type { Feature } from "@cascade/contracts";

export type FeatureValue = number | string | boolean | null;

/** Rows as a model takes them: one list of values a feature, in the order of the model's features. */
export interface FeatureTable {
  readonly rowCount: number;
  readonly columns: readonly (readonly FeatureValue[])[];
}

/** The features of rows that were computed from raw columns; `types` says what the table engine gave. */
export function featureTable(
  features: readonly Feature[],
  computed: Readonly<Record<string, readonly FeatureValue[]>>,
  types: ReadonlyMap<string, string>,
  rowCount: number,
): FeatureTable {
  const columns = features.map(({ name, kind }) => {
    const values = computed[name] ?? new Array<FeatureValue>(rowCount).fill(null);
    if (kind === "number") return values;
    const type = types.get(name);
    return type === "string" ? values : values.map((value) => categoryText(value, type));
  });
  return { rowCount, columns };
}

/**
 * A category that is a number or a boolean, as the text that trainers read: 1 of an integer column, 1.0 of a
 * column of numbers, true of a boolean.
 */
function categoryText(value: FeatureValue, type: string | undefined): string | null {
  if (value === null || typeof value === "string") return value;
  return type === "number" && Number.isInteger(value) ? `${value}.0` : String(value);
}
