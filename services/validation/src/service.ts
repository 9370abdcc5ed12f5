import { defineService } from "@cascade/service-kit";
import { settings } from "./config.ts";
import { type Deps, openDeps } from "./deps.ts";
import { validateDataset } from "./jobs/validate-dataset.ts";
import { keepDemandsOnPipelineApplied } from "./reactions/keep-demands-on-pipeline-applied.ts";
import { validateOnDatasetIngested } from "./reactions/validate-on-dataset-ingested.ts";

export const service = defineService({
  name: "validation",
  settings,
  migrations: new URL("../migrations/", import.meta.url),
  reactions: [validateOnDatasetIngested, keepDemandsOnPipelineApplied],
  jobs: [validateDataset],
  open: openDeps,
  close: (deps: Deps) => deps.close(),
});
