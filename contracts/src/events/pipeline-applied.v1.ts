import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { examplePipeline } from "../pipeline/example.ts";
import { AppliedSpec } from "../pipeline/pipeline-spec.ts";
import { sampleDatasetVersion } from "../samples.ts";
import { identifier, versionNumber } from "../shapes.ts";

export const PipelineAppliedV1 = defineEvent({
  name: "pipeline.applied",
  version: 1,
  owner: "registry",
  consumers: ["ingestion", "validation", "features", "training", "evaluation", "deployment", "monitoring"],
  summary: "A version of a pipeline is in force.",
  schema: z.object({
    version: versionNumber,
    spec: AppliedSpec,
    digest: identifier,
    /** True where features, training or the data they read have changed: a retraining follows. */
    modelChanged: z.boolean(),
    by: identifier,
  }),
  example: { version: 1, spec: examplePipeline, digest: sampleDatasetVersion, modelChanged: true, by: "ada" },
});
