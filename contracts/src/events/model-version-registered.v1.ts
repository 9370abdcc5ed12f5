import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { MetricName } from "../pipeline/metrics.ts";
import { sampleRunId, sampleServableModel } from "../samples.ts";
import { identifier, Metrics, ServableModel, versionNumber } from "../shapes.ts";

export const ModelVersionRegisteredV1 = defineEvent({
  name: "model-version.registered",
  version: 1,
  owner: "registry",
  consumers: [],
  terminal: "the registry promotes it in the same transaction, or asks for approval",
  summary: "A candidate that passed its evaluation has become a model version.",
  schema: z.object({
    version: versionNumber,
    runId: identifier,
    evaluationId: identifier,
    model: ServableModel,
    metrics: Metrics,
    primaryMetric: MetricName,
    approval: z.enum(["automatic", "manual"]),
  }),
  example: {
    version: 1,
    runId: sampleRunId,
    evaluationId: "0199a4c0-7f30-7000-8000-000000000006",
    model: sampleServableModel,
    metrics: { auc: 0.71 },
    primaryMetric: "auc",
    approval: "automatic",
  },
});
