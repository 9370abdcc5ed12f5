import { defineService } from "@cascade/service-kit";
import { settings } from "./config.ts";
import type { Deps } from "./deps.ts";
import { addRoutes } from "./http/routes.ts";
import { lookAtRollout } from "./jobs/look-at-rollout.ts";
import { judgeOnQualityWindowClosed } from "./reactions/judge-on-quality-window-closed.ts";
import { judgeOnServingWindowReported } from "./reactions/judge-on-serving-window-reported.ts";
import { keepOnPipelineApplied } from "./reactions/keep-on-pipeline-applied.ts";
import { proceedOnReplicaReady } from "./reactions/proceed-on-replica-ready.ts";
import { rollBackOnReplicaFailed } from "./reactions/roll-back-on-replica-failed.ts";
import { rollBackOnRollbackRequested } from "./reactions/roll-back-on-rollback-requested.ts";
import { rollOutOnModelVersionPromoted } from "./reactions/roll-out-on-model-version-promoted.ts";

export const service = defineService<typeof settings, Deps>({
  name: "deployment",
  settings,
  migrations: new URL("../migrations/", import.meta.url),
  reactions: [
    keepOnPipelineApplied,
    rollOutOnModelVersionPromoted,
    proceedOnReplicaReady,
    rollBackOnReplicaFailed,
    judgeOnServingWindowReported,
    judgeOnQualityWindowClosed,
    rollBackOnRollbackRequested,
  ],
  jobs: [lookAtRollout],
  open: async ({ replicaLiveMs, pageSizeMax }, { database }) => ({ database, replicaLiveMs, pageSizeMax }),
  http: addRoutes,
});
