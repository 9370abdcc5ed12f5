import { ArtifactRef, type Problem } from "@cascade/contracts";
import { z } from "zod";
import { reproductionProblems } from "../errors.ts";
import { PlannedRun } from "./plan-run.ts";

/** What came of a run, as far as a repetition must come to it again. */
export const MadeByRun = z.object({
  model: ArtifactRef,
  /** Of the best trial, where they were searched for. */
  parameters: z.record(z.string(), z.json()),
  metrics: z.record(z.string(), z.number()),
  codeDigest: z.string(),
});
export type MadeByRun = z.infer<typeof MadeByRun>;

/** What is known of the run that is to be repeated. */
export interface KnownRun {
  readonly status: string;
  readonly plan: PlannedRun | undefined;
  readonly made: MadeByRun | undefined;
}

export const Reproduction = z.object({
  runId: z.string(),
  by: z.string(),
  plan: PlannedRun,
  made: MadeByRun,
});
export type Reproduction = z.infer<typeof Reproduction>;

export type ReproductionDecision =
  | { readonly kind: "repeat"; readonly reproduction: Reproduction }
  | { readonly kind: "refuse"; readonly problem: Problem };

export function decideReproduction(
  runId: string,
  pipeline: string,
  by: string,
  run: KnownRun | undefined,
): ReproductionDecision {
  const refuse = (problem: Problem): ReproductionDecision => ({ kind: "refuse", problem });
  if (run === undefined) return refuse(reproductionProblems.unknown(runId, pipeline));
  const { status, plan, made } = run;
  if (status !== "completed") return refuse(reproductionProblems.withoutModel(status));
  if (plan === undefined || made === undefined) return refuse(reproductionProblems.notKept());
  // Of a search the trial is repeated whose model went on: its parameters are what the model was made with.
  const { search: _, ...single } = plan;
  return {
    kind: "repeat",
    reproduction: { runId, by, plan: { ...single, parameters: made.parameters }, made },
  };
}

type Compared = Omit<MadeByRun, "parameters">;

/** What is not the same, in sentences; empty where the run was reproduced. */
export function differencesOf(before: Compared, now: Compared): string[] {
  const found: string[] = [];
  if (now.codeDigest !== before.codeDigest)
    found.push(`the program is ${now.codeDigest} and was ${before.codeDigest}`);
  for (const name of [...new Set([...Object.keys(before.metrics), ...Object.keys(now.metrics)])].sort()) {
    const [value, old] = [now.metrics[name], before.metrics[name]];
    if (value !== old) found.push(`${name} is ${value ?? "missing"} and was ${old ?? "missing"}`);
  }
  if (now.model.digest !== before.model.digest)
    found.push(`the model is ${now.model.digest} and was ${before.model.digest}`);
  return found;
}
