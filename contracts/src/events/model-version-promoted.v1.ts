import { z } from "zod";
import { ArtifactRef } from "../artifact-ref.ts";
import { defineEvent } from "../event-definition.ts";
import { MetricName } from "../pipeline/metrics.ts";
import { sampleDatasetVersion, sampleReport, sampleServableModel } from "../samples.ts";
import { identifier, Metrics, ServableModel, versionNumber } from "../shapes.ts";

export const ModelVersionPromotedV1 = defineEvent({
  name: "model-version.promoted",
  version: 1,
  owner: "registry",
  consumers: ["evaluation", "deployment", "monitoring"],
  outgoing: true,
  summary: "A model version has become the champion.",
  schema: z.object({
    version: versionNumber,
    previousVersion: versionNumber.optional(),
    servable: ServableModel,
    primaryMetric: MetricName,
    metrics: Metrics,
    reference: ArtifactRef,
    /** Digest of the rows the model learned from, and who or what decided. */
    datasetVersions: z.array(identifier),
    decidedBy: identifier,
  }),
  example: {
    version: 2,
    previousVersion: 1,
    servable: sampleServableModel,
    primaryMetric: "auc",
    metrics: { auc: 0.71 },
    reference: sampleReport,
    datasetVersions: [sampleDatasetVersion],
    decidedBy: "policy",
  },
});
