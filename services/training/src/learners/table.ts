/** Numbers as the model will see them when it serves: float32, NaN where a value is missing. */
export interface NumberColumn {
  readonly type: "number";
  readonly name: string;
  readonly values: Float32Array;
}

/** Text as codes into its own list of distinct values; -1 where a value is missing or empty. */
export interface CategoryColumn {
  readonly type: "category";
  readonly name: string;
  readonly codes: Int32Array;
  readonly categories: readonly string[];
}

export type FeatureColumn = NumberColumn | CategoryColumn;

/** Feature columns of the same length. */
export interface FeatureTable {
  readonly rowCount: number;
  readonly columns: readonly FeatureColumn[];
}

export type Task = "binary" | "multiclass" | "regression";

/** The truth of each row: a number, or the index of its class. `classes` is empty for regression. */
export interface Label {
  readonly task: Task;
  readonly classes: readonly string[];
  readonly values: Float64Array;
}

/** One part of the training set. */
export interface LabelledTable {
  readonly features: FeatureTable;
  readonly label: Label;
}
