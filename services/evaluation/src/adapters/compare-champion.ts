import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { Meter } from "@cascade/metrics";
import type { Deps } from "../deps.ts";
import { championFit } from "../domain/champion-fits.ts";
import type { ChampionComparison } from "../domain/gates.ts";
import { meterOf } from "../domain/meter-of.ts";
import type { EvaluationPlan } from "../domain/plan-evaluation.ts";
import type { Holdout } from "./holdout.ts";
import { type ScoringContext, scoreHoldout } from "./score-model.ts";
import { isUnusableInput } from "./unusable-input.ts";

/**
 * Scores the champion on the candidate's holdout. Where its features are not there, or it does not answer,
 * what its own evaluation has measured takes the place, and the gate says so.
 */
export async function compareChampion(
  { champion, run }: EvaluationPlan,
  holdout: Holdout,
  folder: string,
  { store }: Deps,
  context: ScoringContext,
): Promise<{ readonly champion: ChampionComparison; readonly meter?: Meter }> {
  if (champion === undefined) return { champion: { kind: "none" } };
  const { version, servable, metrics } = champion;
  const recorded = (because: string) =>
    ({ champion: { kind: "recorded", version, metrics, because } }) as const;
  const fit = championFit(servable, run.candidate, run.trainingSet);
  switch (fit.kind) {
    case "other-task":
      return { champion: { kind: "incomparable", version, because: fit.because } };
    case "other-features":
      return recorded(fit.because);
    case "fits": {
      const path = join(folder, "champion.onnx");
      try {
        await rename(await store.fetchToFile(servable.model, folder, { signal: context.signal }), path);
      } catch (error) {
        if (isUnusableInput(error)) return recorded(error.message);
        throw error;
      }
      const scoring = await scoreHoldout(servable, path, holdout, context);
      if ("refusal" in scoring) return recorded(`it does not answer here: ${scoring.refusal}`.slice(0, 2000));
      const { meter, labelGate } = meterOf(servable, scoring.answers, holdout.labels);
      if (meter === undefined) return recorded(labelGate?.detail ?? "its answers cannot be measured");
      return { champion: { kind: "scored", version, metrics: meter.measure() }, meter };
    }
    default:
      return fit satisfies never;
  }
}
