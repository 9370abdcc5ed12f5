import { z } from "zod";
import { ArtifactRef } from "../artifact-ref.ts";
import { defineEvent } from "../event-definition.ts";
import { MetricName } from "../pipeline/metrics.ts";
import { sampleReport, sampleRunId, sampleServableModel, sampleTrainingSet } from "../samples.ts";
import {
  GateResult,
  identifier,
  Metrics,
  ServableModel,
  sentence,
  TrainingSet,
  versionNumber,
} from "../shapes.ts";

export const EvaluationFailedV1 = defineEvent({
  name: "evaluation.failed",
  version: 1,
  owner: "evaluation",
  consumers: ["registry"],
  summary: "A candidate has failed at least one gate and goes no further.",
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
    whatToDo: sentence,
  }),
  example: {
    evaluationId: "0199a4c0-7f30-7000-8000-000000000006",
    runId: sampleRunId,
    candidate: sampleServableModel,
    trainingSet: sampleTrainingSet,
    primaryMetric: "auc",
    metrics: { auc: 0.55, logLoss: 0.69 },
    gates: [{ gate: "auc at least 0.6", passed: false, detail: "auc is 0.55 on 1500 holdout rows" }],
    report: sampleReport,
    whatToDo: "Look at the report; change features or parameters, or wait for more data.",
  },
});
