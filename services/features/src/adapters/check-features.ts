import type { Column, Feature } from "@cascade/contracts";
import { type SqlColumn, TabularError } from "@cascade/tabular";
import type { Deps } from "../deps.ts";
import { featureKinds } from "../domain/feature-kinds.ts";
import type { View } from "../domain/view.ts";
import { viewProblems } from "../errors.ts";

interface Data {
  readonly columns: readonly Column[];
  readonly label: string;
}

/** Checks the features of a view without data. */
export async function checkFeatures(
  deps: Pick<Deps, "tabular">,
  view: View,
  signal: AbortSignal,
): Promise<Feature[]> {
  const columns = view.features.map(({ name, sql }) => ({ name, sql }));
  return featureKinds(view, await checkExpressions(deps, view, columns, signal));
}

/** Checks expressions without data, and without the label: what reads the label could only cheat. */
export async function checkExpressions(
  { tabular }: Pick<Deps, "tabular">,
  { columns: declared, label }: Data,
  columns: readonly SqlColumn[],
  signal: AbortSignal,
): Promise<Column[]> {
  const withoutLabel = declared.filter(({ name }) => name !== label);
  if (withoutLabel.length === 0) throw viewProblems.noInputColumns(label);
  if (columns.length === 0) return [];
  try {
    return await tabular.checkColumns({ input: withoutLabel, columns }, { signal });
  } catch (error) {
    if (!(error instanceof TabularError) || error.code !== "SQL_REFUSED") throw error;
    const blamed = error.details.column;
    const withLabel = await tabular
      .checkColumns({ input: declared, columns: columns.filter(({ name }) => name === blamed) }, { signal })
      .catch(() => undefined);
    // With the label it is a good expression: so the label is what it reads.
    if (blamed === undefined || withLabel === undefined) throw error;
    throw viewProblems.labelLeak(blamed, label);
  }
}
