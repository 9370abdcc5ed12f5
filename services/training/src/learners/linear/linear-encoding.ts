import { type CategoryLimits, frequentCategories } from "../category-order.ts";
import { LearnerError } from "../errors.ts";
import type { FeatureTable, NumberColumn } from "../table.ts";

/** A standardised number; offset and scale are float32, because that is how the model serves them. */
export interface NumberEncoding {
  readonly name: string;
  readonly type: "number";
  readonly offset: number;
  readonly scale: number;
}

/** One weight a listed category and one, the last, for everything else: rare, unknown and missing. */
export interface CategoryEncoding {
  readonly name: string;
  readonly type: "category";
  readonly categories: readonly string[];
}

export type LinearEncoding = NumberEncoding | CategoryEncoding;

/** Standardised values are kept within this range, so that one absurd value cannot decide alone. */
export const standardisedMax = 20;

/** Decides the encodings from the training part; refuses a table in which no column varies. */
export function chooseLinearEncodings(table: FeatureTable, limits: CategoryLimits): LinearEncoding[] {
  const encodings = table.columns.map(
    (column): LinearEncoding =>
      column.type === "number"
        ? standardise(column)
        : {
            name: column.name,
            type: "category",
            categories: frequentCategories(column, limits).map((code) => column.categories[code] ?? ""),
          },
  );
  const varies = encodings.some((encoding, index) => {
    if (encoding.type === "number") return encoding.scale !== 0;
    const column = table.columns[index];
    if (column?.type !== "category") return false;
    const listed = new Set(encoding.categories);
    const kinds = new Set(
      Array.from(column.codes, (code) => (listed.has(column.categories[code] ?? "") ? code : -1)),
    );
    return kinds.size > 1;
  });
  if (!varies) throw new LearnerError("NO_INFORMATIVE_COLUMNS");
  return encodings;
}

/** Mean and spread of the finite values. A constant column gets scale 0, hence no influence. */
function standardise({ name, values }: NumberColumn): NumberEncoding {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    count++;
    const step = value - mean;
    mean += step / count;
    squares += step * (value - mean);
  }
  const deviation = count > 1 ? Math.sqrt(squares / count) : 0;
  // A spread at the edge of float32's precision is rounding noise, not information.
  const isNoise = deviation <= Math.abs(mean) * 1e-7 || !Number.isFinite(Math.fround(1 / deviation));
  return { name, type: "number", offset: Math.fround(mean), scale: isNoise ? 0 : Math.fround(1 / deviation) };
}

/** The model's view of one number: standardised, missing values at the mean, extremes cut off. */
export function standardised({ offset, scale }: NumberEncoding, value: number): number {
  if (Number.isNaN(value) || scale === 0) return 0;
  const moved = Math.fround(Math.fround(value - offset) * scale);
  return Math.min(standardisedMax, Math.max(-standardisedMax, moved));
}
