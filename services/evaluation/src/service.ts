import { defineService } from "@cascade/service-kit";
import { settings } from "./config.ts";
import { type Deps, openDeps } from "./deps.ts";
import { evaluateCandidate } from "./jobs/evaluate-candidate.ts";
import { keepChampionOnModelVersionPromoted } from "./reactions/keep-champion-on-model-version-promoted.ts";
import { keepPolicyOnPipelineApplied } from "./reactions/keep-policy-on-pipeline-applied.ts";
import { planEvaluationOnTrainingRunCompleted } from "./reactions/plan-evaluation-on-training-run-completed.ts";

export const service = defineService({
  name: "evaluation",
  settings,
  migrations: new URL("../migrations/", import.meta.url),
  reactions: [
    keepPolicyOnPipelineApplied,
    keepChampionOnModelVersionPromoted,
    planEvaluationOnTrainingRunCompleted,
  ],
  jobs: [evaluateCandidate],
  open: openDeps,
  close: (deps: Deps) => deps.close(),
});
