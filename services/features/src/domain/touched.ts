import { problemOf } from "../errors.ts";
import { versionOf } from "./build.ts";
import { definitionDigest } from "./definition.ts";
import type { ViewHistory } from "./lookups.ts";
import { planLookups } from "./lookups.ts";
import { type View, viewDigest } from "./view.ts";

/** A view in the version that is declared. */
export interface DeclaredView {
  readonly view: string;
  readonly viewDigest: string;
}

/** The views of a pipeline: what its model sees, and those that remember. */
export function declaredViews(
  pipeline: string,
  view: View,
  histories: readonly ViewHistory[],
): DeclaredView[] {
  const further = view.definitions.filter(({ name }) => name !== view.name);
  return [
    { view: view.name, viewDigest: currentVersion(pipeline, view, histories) },
    ...further.map((definition) => ({ view: definition.name, viewDigest: definitionDigest(definition) })),
  ];
}

/** The version of a training set that is built now; a join that is not possible is told by the build. */
function currentVersion(pipeline: string, view: View, histories: readonly ViewHistory[]): string {
  const digest = viewDigest(view);
  try {
    return versionOf({ viewDigest: digest }, planLookups(pipeline, view, histories));
  } catch (error) {
    if (problemOf(error) === undefined) throw error;
    return digest;
  }
}

export interface ChangedView extends DeclaredView {
  readonly previousDigest: string;
}

/** Views that are declared in another way than before. */
export function changedViews(before: readonly DeclaredView[], after: readonly DeclaredView[]): ChangedView[] {
  return after.flatMap(({ view, viewDigest: now }) => {
    const previous = before.find((one) => one.view === view)?.viewDigest;
    return previous === undefined || previous === now
      ? []
      : [{ view, viewDigest: now, previousDigest: previous }];
  });
}
