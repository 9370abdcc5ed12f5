import { z } from "zod";
import { ArtifactRef } from "../artifact-ref.ts";
import { defineEvent } from "../event-definition.ts";
import { MetricName } from "../pipeline/metrics.ts";
import {
  sampleDatasetVersion,
  sampleEventId,
  sampleReport,
  sampleRunId,
  sampleServableModel,
  sampleTrainingSet,
} from "../samples.ts";
import {
  count,
  GateResult,
  identifier,
  Metrics,
  ServableModel,
  TrainingSet,
  Trigger,
  versionNumber,
} from "../shapes.ts";

export const EvaluationPassedV1 = defineEvent({
  name: "evaluation.passed",
  version: 1,
  owner: "evaluation",
  consumers: ["registry"],
  summary: "A candidate has passed every gate.",
  schema: z.object({
    evaluationId: identifier,
    runId: identifier,
    candidate: ServableModel,
    trainingSet: TrainingSet,
    primaryMetric: MetricName,
    metrics: Metrics,
    /** The champion on the same holdout; absent where there is no champion. */
    champion: z.object({ version: versionNumber, metrics: Metrics }).optional(),
    gates: z.array(GateResult).min(1),
    report: ArtifactRef,
    /** Share of each bin and category in the holdout, the reference for drift. */
    reference: ArtifactRef,
    lineage: z.object({
      trainer: identifier,
      codeDigest: identifier,
      parameters: z.record(z.string(), z.json()),
      seed: count,
      trigger: Trigger,
    }),
  }),
  example: {
    evaluationId: "0199a4c0-7f30-7000-8000-000000000006",
    runId: sampleRunId,
    candidate: sampleServableModel,
    trainingSet: sampleTrainingSet,
    primaryMetric: "auc",
    metrics: { auc: 0.71, logLoss: 0.48 },
    gates: [{ gate: "auc at least 0.6", passed: true, detail: "auc is 0.71 on 1500 holdout rows" }],
    report: sampleReport,
    reference: sampleReport,
    lineage: {
      trainer: "builtin/gbdt",
      codeDigest: sampleDatasetVersion,
      parameters: {},
      seed: 1,
      trigger: { kind: "new-data", eventId: sampleEventId, reason: "10000 new rows" },
    },
  },
});
