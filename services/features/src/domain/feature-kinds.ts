import type { Column, ColumnType, Feature } from "@cascade/contracts";
import { viewProblems } from "../errors.ts";
import { quoted } from "./keys.ts";
import type { View } from "./view.ts";

/** How the model sees each feature: as declared, else text as a category and everything else as a number. */
export function featureKinds(view: View, computed: readonly Column[]): Feature[] {
  const types = new Map(computed.map(({ name, type }) => [name, type]));
  return view.features.map(({ name, sql, kind }) => {
    const type = types.get(name);
    if (type === "timestamp") throw viewProblems.isTimestamp(name, sql);
    if (kind === "number" && type === "string") throw viewProblems.notANumber(name, sql);
    return { name, sql, kind: kind ?? (type === "string" ? "category" : "number") };
  });
}

/** How the model sees what was looked up: by then it is a column of the row. */
export function lookedUpKind(name: string, type: ColumnType): Feature {
  if (type === "timestamp") throw viewProblems.isTimestamp(name, name);
  return { name, sql: quoted(name), kind: type === "string" ? "category" : "number" };
}
