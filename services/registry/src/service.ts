import { defineService } from "@cascade/service-kit";
import { settings } from "./config.ts";
import { type Deps, openDeps } from "./deps.ts";
import { addRoutes } from "./http/routes.ts";
import { applyOnPipelineSubmitted } from "./reactions/apply-on-pipeline-submitted.ts";
import { demoteOnApprovalDeclined } from "./reactions/demote-on-approval-declined.ts";
import { demoteOnRolloutRolledBack } from "./reactions/demote-on-rollout-rolled-back.ts";
import { promoteOnApprovalGiven } from "./reactions/promote-on-approval-given.ts";
import { recordOnEvaluationFailed } from "./reactions/record-on-evaluation-failed.ts";
import { registerOnEvaluationPassed } from "./reactions/register-on-evaluation-passed.ts";

export const service = defineService<typeof settings, Deps>({
  name: "registry",
  settings,
  migrations: new URL("../migrations/", import.meta.url),
  reactions: [
    applyOnPipelineSubmitted,
    registerOnEvaluationPassed,
    recordOnEvaluationFailed,
    promoteOnApprovalGiven,
    demoteOnApprovalDeclined,
    demoteOnRolloutRolledBack,
  ],
  open: openDeps,
  close: (deps: Deps) => deps.close(),
  http: addRoutes,
});
