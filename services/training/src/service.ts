import { defineService } from "@cascade/service-kit";
import { settings } from "./config.ts";
import { closeDeps, openDeps } from "./deps.ts";
import { addRoutes } from "./http/routes.ts";
import { considerTrigger } from "./jobs/consider-trigger.ts";
import { fireSchedule } from "./jobs/fire-schedule.ts";
import { lookAtCode } from "./jobs/look-at-code.ts";
import { reconsiderWish } from "./jobs/reconsider-wish.ts";
import { reproduceRun } from "./jobs/reproduce-run.ts";
import { runTraining } from "./jobs/run-training.ts";
import { cancelOnTrainingRunCancellationRequested } from "./reactions/cancel-on-training-run-cancellation-requested.ts";
import { decideOnDriftDetected } from "./reactions/decide-on-drift-detected.ts";
import { decideOnFeatureViewMaterialized } from "./reactions/decide-on-feature-view-materialized.ts";
import { decideOnPipelineApplied } from "./reactions/decide-on-pipeline-applied.ts";
import { decideOnQualityDegraded } from "./reactions/decide-on-quality-degraded.ts";
import { decideOnRetrainingRequested } from "./reactions/decide-on-retraining-requested.ts";
import { reproduceOnTrainingRunReproductionRequested } from "./reactions/reproduce-on-training-run-reproduction-requested.ts";

export const service = defineService({
  name: "training",
  settings,
  migrations: new URL("../migrations/", import.meta.url),
  reactions: [
    decideOnPipelineApplied,
    decideOnFeatureViewMaterialized,
    decideOnDriftDetected,
    decideOnQualityDegraded,
    decideOnRetrainingRequested,
    cancelOnTrainingRunCancellationRequested,
    reproduceOnTrainingRunReproductionRequested,
  ],
  jobs: [runTraining, reproduceRun, reconsiderWish, considerTrigger, fireSchedule, lookAtCode],
  open: openDeps,
  close: closeDeps,
  http: addRoutes,
});
