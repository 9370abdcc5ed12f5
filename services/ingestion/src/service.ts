import { defineService } from "@cascade/service-kit";
import { settings } from "./config.ts";
import { type Deps, openDeps } from "./deps.ts";
import { ingestBatch } from "./jobs/ingest-batch.ts";
import { lookForData } from "./jobs/look-for-data.ts";
import { forgetVersionOnDatasetRejected } from "./reactions/forget-version-on-dataset-rejected.ts";
import { ingestOnBucketNotified } from "./reactions/ingest-on-bucket-notified.ts";
import { ingestOnDataArrived } from "./reactions/ingest-on-data-arrived.ts";
import { ingestOnFeedbackCollected } from "./reactions/ingest-on-feedback-collected.ts";
import { keepPipelineOnPipelineApplied } from "./reactions/keep-pipeline-on-pipeline-applied.ts";

export const service = defineService({
  name: "ingestion",
  settings,
  migrations: new URL("../migrations/", import.meta.url),
  reactions: [
    ingestOnDataArrived,
    ingestOnBucketNotified,
    ingestOnFeedbackCollected,
    keepPipelineOnPipelineApplied,
    forgetVersionOnDatasetRejected,
  ],
  jobs: [ingestBatch, lookForData],
  open: openDeps,
  close: (deps: Deps) => deps.close(),
});
