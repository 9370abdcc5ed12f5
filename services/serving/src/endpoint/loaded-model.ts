import type { ServableModel } from "@cascade/contracts";
import type { RowError } from "@cascade/tabular";
import type { Answers } from "../domain/answers.ts";
import type { FeatureTable } from "../domain/feature-table.ts";

/** What a model is made of once it is loaded. */
export interface ModelParts {
  readonly version: number;
  readonly servable: ServableModel;
  /** Computes the features of raw rows. */
  transform(
    rows: readonly Readonly<Record<string, unknown>>[],
  ): Promise<{ readonly table: FeatureTable; readonly errors: readonly RowError[] }>;
  infer(table: FeatureTable): Promise<Answers>;
  close(): Promise<void>;
}

/** A model version in memory. It is closed when it is retired and the last request that uses it has ended. */
export interface LoadedModel extends Omit<ModelParts, "close"> {
  /** Runs work that needs the model to stay. */
  use<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when nobody uses it any longer and it is closed. */
  retire(): Promise<void>;
}

export function keepLoaded({ close, ...parts }: ModelParts): LoadedModel {
  let users = 0;
  let retired = false;
  const closed = Promise.withResolvers<void>();
  const closeWhenUnused = () => {
    if (retired && users === 0) close().then(closed.resolve, closed.reject);
  };
  return {
    ...parts,
    use: async (work) => {
      users += 1;
      try {
        return await work();
      } finally {
        users -= 1;
        closeWhenUnused();
      }
    },
    retire: () => {
      if (!retired) {
        retired = true;
        closeWhenUnused();
      }
      return closed.promise;
    },
  };
}
