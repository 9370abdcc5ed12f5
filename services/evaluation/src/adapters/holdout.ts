import type { Feature, TrainingSet } from "@cascade/contracts";
import type { ColumnValues } from "@cascade/onnx";
import type { Column, ColumnValues as TableValues, Tabular } from "@cascade/tabular";
import { categoryTexts } from "../domain/category-texts.ts";
import type { LabelValues } from "../domain/truth.ts";

/** The rows that no training saw, readable in batches. */
export interface Holdout {
  readonly path: string;
  readonly rowCount: number;
  readonly labels: LabelValues;
  readFeatures(
    features: readonly Feature[],
    page: { offset: number; limit: number },
  ): Promise<{ columns: Record<string, ColumnValues>; rowCount: number }>;
}

/** Opens a holdout that has been fetched. The label is read whole, features batch by batch. */
export async function openHoldout(
  tabular: Tabular,
  path: string,
  set: TrainingSet,
  signal: AbortSignal,
): Promise<Holdout> {
  const { columns } = await tabular.describe({ files: [path], format: "parquet" }, { signal });
  const typeOf = new Map(columns.map(({ name, type }) => [name, type]));
  const labels = await tabular.readColumns({ path, columns: [set.label] }, { signal });
  return {
    path,
    rowCount: labels.rowCount,
    labels: labels.columns[set.label] ?? [],
    readFeatures: async (features, page) => {
      const names = features.map(({ name }) => name);
      const read = await tabular.readColumns({ path, columns: names, ...page }, { signal });
      const values = features.map(({ name, kind }): [string, ColumnValues] => [
        name,
        modelValues(read.columns[name] ?? [], kind, typeOf.get(name)),
      ]);
      return { columns: Object.fromEntries(values), rowCount: read.rowCount };
    },
  };
}

function modelValues(
  values: TableValues,
  kind: Feature["kind"],
  type: Column["type"] | undefined,
): ColumnValues {
  return kind === "category" && values instanceof Float64Array ? categoryTexts(values, type) : values;
}
