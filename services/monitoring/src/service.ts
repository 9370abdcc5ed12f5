import { defineService } from "@cascade/service-kit";
import { settings } from "./config.ts";
import { type Deps, openDeps } from "./deps.ts";
import { addRoutes } from "./http/routes.ts";
import { collectFeedback } from "./jobs/collect-feedback.ts";
import { beginWindowsOnRolloutCompleted } from "./reactions/begin-windows-on-rollout-completed.ts";
import { joinOnLabelsArrived } from "./reactions/join-on-labels-arrived.ts";
import { keepPolicyOnPipelineApplied } from "./reactions/keep-policy-on-pipeline-applied.ts";
import { watchOnModelVersionPromoted } from "./reactions/watch-on-model-version-promoted.ts";
import { watchOnPredictionsLogged } from "./reactions/watch-on-predictions-logged.ts";

export const service = defineService({
  name: "monitoring",
  settings,
  migrations: new URL("../migrations/", import.meta.url),
  reactions: [
    keepPolicyOnPipelineApplied,
    watchOnModelVersionPromoted,
    beginWindowsOnRolloutCompleted,
    watchOnPredictionsLogged,
    joinOnLabelsArrived,
  ],
  jobs: [collectFeedback],
  open: openDeps,
  close: (deps: Deps) => deps.close(),
  http: addRoutes,
});
