import type { DataOf, PredictionsLoggedV1 } from "@cascade/contracts";
import type { WatchedVersion } from "./watched-version.ts";

export type LoggedPrediction = DataOf<typeof PredictionsLoggedV1>["predictions"][number];
export type Output = LoggedPrediction["output"];
export type Label = string | number | boolean;

/** The column under which the answers themselves are compared. */
export const predictionColumn = "prediction";

/** A prediction as the reference describes rows: its features, and its answer in the form that was stored. */
export function watchedRow(
  { features, output }: Pick<LoggedPrediction, "features" | "output">,
  { reference, servable }: WatchedVersion,
): Record<string, unknown> {
  const named = reference.columns[predictionColumn]?.kind === "categorical";
  return {
    ...features,
    [predictionColumn]: named ? className(output, servable.classes) : watchedNumber(output),
  };
}

/** The number that was predicted, or the share of the last class. */
function watchedNumber(output: Output): number | null {
  return typeof output === "number" ? output : (output.at(-1) ?? null);
}

function className(output: Output, classes: readonly string[] | undefined): string | null {
  return typeof output === "number" ? null : (classes?.[likeliest(output)] ?? null);
}

/** The index of the greatest share, the first of equal ones. */
export function likeliest(shares: readonly number[]): number {
  return shares.reduce((best, share, index) => (share > (shares[best] ?? 0) ? index : best), 0);
}
