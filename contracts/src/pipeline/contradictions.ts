import type { z } from "zod";
import type { EvaluationSection, FeaturesSection } from "./model.ts";
import type { MonitoringSection } from "./operation.ts";

export interface Contradiction {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

interface Sections {
  readonly features: z.infer<typeof FeaturesSection>;
  readonly evaluation: z.infer<typeof EvaluationSection>;
  readonly monitoring: z.infer<typeof MonitoringSection>;
}

/** Settings that can never be met, or that look like a guard and guard nothing. */
export function contradictions(spec: Sections): Contradiction[] {
  return [
    ...spec.evaluation.gates.flatMap((gate, index): Contradiction[] => {
      if ("beatsChampionBy" in gate) return [];
      const path = ["evaluation", "gates", index];
      if (gate.min === undefined && gate.max === undefined) {
        return [{ path, message: "a gate needs min, max or beatsChampionBy: this one lets everything pass" }];
      }
      return isEmpty(gate.min, gate.max) ? [{ path, message: "min is above max: nothing can pass" }] : [];
    }),
    ...neverDrifting(spec),
  ];
}

/** Moments are given in UTC, so they compare as numbers once they are read. */
export function isEmpty(min: number | string | undefined, max: number | string | undefined): boolean {
  if (min === undefined || max === undefined) return false;
  if (typeof min === "number" && typeof max === "number") return min > max;
  return typeof min === "string" && typeof max === "string" && Date.parse(min) > Date.parse(max);
}

function neverDrifting({ features, monitoring: { drift } }: Sections): Contradiction[] {
  if (drift === null) return [];
  const watched = drift.columns?.length ?? Object.keys(features.columns).length;
  // That there are no features at all is said elsewhere.
  if (watched === 0 || drift.minColumns <= watched) return [];
  return [
    {
      path: ["monitoring", "drift", "minColumns"],
      message: `only ${watched} features are watched, so ${drift.minColumns} can never drift`,
    },
  ];
}
