import type { z } from "zod";
import type { DataSection } from "./data.ts";
import type { FeaturesSection } from "./feature-view.ts";
import type { EvaluationSection, TrainingSection } from "./model.ts";
import type { MonitoringSection } from "./operation.ts";
import { searchContradictions } from "./search-contradictions.ts";
import { featureNames, viewContradictions } from "./view-contradictions.ts";

export interface Contradiction {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

interface Sections {
  readonly data: z.infer<typeof DataSection>;
  readonly training: z.infer<typeof TrainingSection>;
  readonly features: FeaturesSection;
  readonly evaluation: z.infer<typeof EvaluationSection>;
  readonly monitoring: z.infer<typeof MonitoringSection>;
}

/** Settings that can never be met, or that look like a guard and guard nothing. */
export function contradictions(spec: Sections): Contradiction[] {
  return [
    ...spec.evaluation.gates.flatMap((gate, index): Contradiction[] => {
      if ("beatsChampionBy" in gate || "between" in gate) return [];
      const path = ["evaluation", "gates", index];
      if (gate.min === undefined && gate.max === undefined) {
        return [{ path, message: "a gate needs min, max or beatsChampionBy: this one lets everything pass" }];
      }
      return isEmpty(gate.min, gate.max) ? [{ path, message: "min is above max: nothing can pass" }] : [];
    }),
    ...wrongSlices(spec),
    ...neverDrifting(spec),
    ...impossibleRows(spec),
    ...imageWithDirectory(spec),
    ...searchContradictions(spec.training),
    ...viewContradictions(spec.data, spec.features),
  ];
}

/** Moments are given in UTC, so they compare as numbers once they are read. */
export function isEmpty(min: number | string | undefined, max: number | string | undefined): boolean {
  if (min === undefined || max === undefined) return false;
  if (typeof min === "number" && typeof max === "number") return min > max;
  return typeof min === "string" && typeof max === "string" && Date.parse(min) > Date.parse(max);
}

function wrongSlices({ features, evaluation }: Sections): Contradiction[] {
  const known = new Set(featureNames(features));
  return evaluation.gates.flatMap((gate, index): Contradiction[] => {
    const path = ["evaluation", "gates", index];
    const [field, feature] = "between" in gate ? ["between", gate.between] : ["slice", gate.slice];
    if (feature !== undefined && !known.has(feature ?? "")) {
      return [{ path: [...path, field ?? "slice"], message: `"${feature}" is no feature of the pipeline` }];
    }
    if (!("between" in gate) && gate.slice === undefined && gate.minRows !== undefined) {
      return [{ path: [...path, "minRows"], message: "says how many rows a slice needs; there is no slice" }];
    }
    if ("confidence" in gate && gate.confidence !== undefined && gate.slice !== undefined) {
      const message = "is for all rows of the holdout: leave it out, or the slice";
      return [{ path: [...path, "confidence"], message }];
    }
    return [];
  });
}

function neverDrifting({ features, monitoring: { drift } }: Sections): Contradiction[] {
  if (drift === null) return [];
  const watched = drift.columns?.length ?? featureNames(features).length;
  // That there are no features at all is said elsewhere.
  if (watched === 0 || drift.minColumns <= watched) return [];
  return [
    {
      path: ["monitoring", "drift", "minColumns"],
      message: `only ${watched} features are watched, so ${drift.minColumns} can never drift`,
    },
  ];
}

/** Windows and splits that need what the data do not have. */
function impossibleRows({ data, training: { window, split } }: Sections): Contradiction[] {
  const found: Contradiction[] = [];
  if (data.repeatedKey !== undefined && data.key === undefined) {
    found.push({ path: ["data", "repeatedKey"], message: "without data.key no key can come again" });
  }
  const timed = typeof window === "object" && ("duration" in window || "halfLife" in window);
  if (timed && data.eventTime === undefined) {
    const path = ["training", "window"];
    found.push({ path, message: "rows have an age only where data.eventTime is declared" });
  }
  if (split.by === "time" && data.eventTime === undefined) {
    const path = ["training", "split", "by"];
    found.push({ path, message: "a split by time needs data.eventTime" });
  }
  if (split.by === "key" && split.key === undefined && data.key === undefined) {
    const path = ["training", "split", "by"];
    found.push({ path, message: "a split by key needs training.split.key or data.key" });
  }
  return found;
}

/** A directory is on the machine of the training service, where no container looks. */
function imageWithDirectory({ training: { trainer } }: Sections): Contradiction[] {
  if (typeof trainer === "string" || trainer.image === undefined || trainer.directory === undefined)
    return [];
  const message = "an image has the program's files in it: leave the directory out";
  return [{ path: ["training", "trainer", "directory"], message }];
}
