import type { Feature, ServableModel, TrainingSet } from "@cascade/contracts";

/** Whether a champion can be scored on a candidate's holdout, and otherwise what stands in the way. */
export type ChampionFit =
  | { readonly kind: "fits" }
  /** It solves the same task, but from other features. */
  | { readonly kind: "other-features"; readonly because: string }
  | { readonly kind: "other-task"; readonly because: string };

export function championFit(
  champion: ServableModel,
  candidate: ServableModel,
  set: TrainingSet,
): ChampionFit {
  if (champion.label !== candidate.label) {
    return { kind: "other-task", because: `it predicts ${champion.label}, the candidate ${candidate.label}` };
  }
  if (champion.task !== candidate.task) {
    return {
      kind: "other-task",
      because: `it was trained for ${champion.task}, the candidate for ${candidate.task}`,
    };
  }
  const computed = new Map(set.features.map((feature) => [feature.name, feature]));
  const missing = champion.features.filter((feature) => !isSame(feature, computed.get(feature.name)));
  if (missing.length === 0) return { kind: "fits" };
  const names = missing.slice(0, 5).map(({ name }) => name);
  const more = missing.length > names.length ? " and more" : "";
  return {
    kind: "other-features",
    because: `the holdout has no ${names.join(", ")}${more} as it knows them`,
  };
}

/** The same name is not enough: another expression gives other values. */
function isSame(feature: Feature, other: Feature | undefined): boolean {
  return other !== undefined && feature.sql === other.sql && feature.kind === other.kind;
}
