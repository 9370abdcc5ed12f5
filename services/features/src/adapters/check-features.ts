import type { Feature } from "@cascade/contracts";
import { TabularError } from "@cascade/tabular";
import type { Deps } from "../deps.ts";
import { featureKinds } from "../domain/feature-kinds.ts";
import type { View } from "../domain/view.ts";
import { viewProblems } from "../errors.ts";

/** Checks the expressions without data, and without the label: what reads the label could only cheat. */
export async function checkFeatures(
  { tabular }: Pick<Deps, "tabular">,
  view: View,
  signal: AbortSignal,
): Promise<Feature[]> {
  const columns = view.features.map(({ name, sql }) => ({ name, sql }));
  const withoutLabel = view.columns.filter(({ name }) => name !== view.label);
  if (withoutLabel.length === 0) throw viewProblems.noInputColumns(view.label);
  try {
    return featureKinds(view, await tabular.checkColumns({ input: withoutLabel, columns }, { signal }));
  } catch (error) {
    if (!(error instanceof TabularError) || error.code !== "SQL_REFUSED") throw error;
    const blamed = error.details.column;
    const withLabel = await tabular
      .checkColumns(
        { input: view.columns, columns: columns.filter(({ name }) => name === blamed) },
        { signal },
      )
      .catch(() => undefined);
    // With the label it is a good expression: so the label is what it reads.
    if (blamed === undefined || withLabel === undefined) throw error;
    throw viewProblems.labelLeak(blamed, view.label);
  }
}
