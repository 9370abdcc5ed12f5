import type { Column, Feature } from "@cascade/contracts";
import { ViewProblem } from "../errors.ts";
import type { View } from "./view.ts";

/** How the model sees each feature: as declared, else text as a category and everything else as a number. */
export function featureKinds(view: View, computed: readonly Column[]): Feature[] {
  const types = new Map(computed.map(({ name, type }) => [name, type]));
  return view.features.map(({ name, sql, kind }) => {
    const type = types.get(name);
    if (type === "timestamp") {
      throw new ViewProblem(
        "FEATURE_IS_TIMESTAMP",
        `the feature ${name} is a point in time, which a model cannot learn from as it is`,
        `Take a part of it, such as hour(${sql}) or dayofweek(${sql}), and apply the pipeline again.`,
      );
    }
    if (kind === "number" && type === "string") {
      throw new ViewProblem(
        "FEATURE_NOT_A_NUMBER",
        `the feature ${name} is declared a number, but ${sql} gives text`,
        "Convert it in SQL, or declare it a category, and apply the pipeline again.",
      );
    }
    return { name, sql, kind: kind ?? (type === "string" ? "category" : "number") };
  });
}
