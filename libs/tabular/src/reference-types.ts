/** Which columns a reference window describes, and how. */
export type ReferenceColumn = { readonly name: string; readonly kind: "numeric" | "categorical" };

/**
 * What a column looked like. `shares` has one cell for each bin or category, then for categorical columns one
 * for all other values, and last one for missing values. Bin i holds values above edge i - 1 up to edge i.
 */
export type ColumnReference =
  | {
      readonly name: string;
      readonly kind: "numeric";
      readonly edges: readonly number[];
      readonly shares: readonly number[];
    }
  | {
      readonly name: string;
      readonly kind: "categorical";
      readonly categories: readonly string[];
      readonly shares: readonly number[];
    };

export type Reference = { readonly rowCount: number; readonly columns: readonly ColumnReference[] };

/** The cells of a current window: for each column as many counts as its reference has shares. */
export type CellCounts = {
  readonly rowCount: number;
  readonly columns: Readonly<Record<string, readonly number[]>>;
};
