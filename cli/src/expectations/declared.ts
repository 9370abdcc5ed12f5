import { isDeepStrictEqual } from "node:util";
import { type DataOf, type PipelineAppliedV1, PipelineSpec } from "@cascade/contracts";
import type { Suggestion } from "./suggest.ts";

type Validation = DataOf<typeof PipelineAppliedV1>["spec"]["validation"];

const defaults = PipelineSpec.shape.validation.parse(undefined);

/** What a pipeline's file demands already: it stays as it is, whatever a batch suggests. */
export interface Declared {
  readonly expectations: Validation["expectations"];
  /** The other settings, without those that have their default anyway. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export function declaredOf({ expectations, ...settings }: Validation): Declared {
  const own = Object.entries(settings).filter(
    ([name, value]) => value !== undefined && !isDeepStrictEqual(value, Reflect.get(defaults, name)),
  );
  return { expectations, settings: Object.fromEntries(own) };
}

// Two ways to say the same of a column.
const subjectOf = (setting: string) => (setting === "required" ? "maxNullShare" : setting);

/** The suggestions about which the file says nothing. */
export function undeclared(suggestions: readonly Suggestion[], declared: Declared): Suggestion[] {
  const said = new Set(
    declared.expectations.flatMap(({ column, ...settings }) =>
      Object.entries(settings).flatMap(([name, value]) =>
        value === undefined ? [] : [`${subjectOf(name)} ${column}`],
      ),
    ),
  );
  return suggestions.filter(({ column, settings }) =>
    Object.keys(settings).every((name) =>
      column === undefined
        ? !Object.hasOwn(declared.settings, name)
        : !said.has(`${subjectOf(name)} ${column}`),
    ),
  );
}
