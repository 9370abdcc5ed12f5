import { defineService } from "@cascade/service-kit";
import { settings } from "./config.ts";
import { type Deps, openDeps } from "./deps.ts";
import { buildTrainingSet } from "./jobs/build-training-set.ts";
import { keepOnlineRows } from "./jobs/keep-online-rows.ts";
import { measureFreshness } from "./jobs/measure-freshness.ts";
import { buildOnDatasetValidated } from "./reactions/build-on-dataset-validated.ts";
import { keepViewOnPipelineApplied } from "./reactions/keep-view-on-pipeline-applied.ts";

export const service = defineService({
  name: "features",
  settings,
  migrations: new URL("../migrations/", import.meta.url),
  reactions: [keepViewOnPipelineApplied, buildOnDatasetValidated],
  jobs: [buildTrainingSet, keepOnlineRows, measureFreshness],
  open: openDeps,
  close: (deps: Deps) => deps.close(),
});
