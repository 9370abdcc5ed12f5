import type { Column } from "@cascade/contracts";
import type { Reading } from "./read-pipeline.ts";

export type SchemaChange =
  | { readonly change: "addedColumn" | "removedColumn"; readonly column: string }
  | {
      readonly change: "widenedType" | "otherType";
      readonly column: string;
      readonly from: Column["type"];
      readonly to: Column["type"];
    };

/**
 * What has changed in the columns that are not declared since the batch before, as far as the policy refuses it. Of
 * declared columns the types are fixed, and whether all are there is for validation to say. A type that does not hold
 * the values of the one before is always refused where there is a policy.
 */
export function refusedChanges(
  policy: Reading["schemaChanges"],
  declared: readonly Column[],
  before: readonly Column[],
  now: readonly Column[],
): SchemaChange[] {
  if (policy === undefined || before.length === 0) return [];
  const fixed = new Set(declared.map(({ name }) => name));
  return changes(undeclared(before, fixed), undeclared(now, fixed)).filter(
    ({ change }) => change === "otherType" || policy[change] === "refuse",
  );
}

function undeclared(columns: readonly Column[], declared: ReadonlySet<string>): Map<string, Column["type"]> {
  return new Map(
    columns
      .filter(({ name }) => !declared.has(name))
      .map(({ name, type }): [string, Column["type"]] => [name, type]),
  );
}

function changes(
  before: ReadonlyMap<string, Column["type"]>,
  now: ReadonlyMap<string, Column["type"]>,
): SchemaChange[] {
  const gone = [...before.keys()].filter((column) => !now.has(column));
  const others = [...now].flatMap(([column, to]): SchemaChange[] => {
    const from = before.get(column);
    if (from === undefined) return [{ change: "addedColumn", column }];
    if (from === to) return [];
    const widened = to === "string" || (from === "integer" && to === "number");
    return [{ change: widened ? "widenedType" : "otherType", column, from, to }];
  });
  return [...gone.map((column): SchemaChange => ({ change: "removedColumn", column })), ...others];
}
