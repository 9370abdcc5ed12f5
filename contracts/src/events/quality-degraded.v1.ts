import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { MetricName } from "../pipeline/metrics.ts";
import { count, identifier, versionNumber } from "../shapes.ts";

export const QualityDegradedV1 = defineEvent({
  name: "quality.degraded",
  version: 1,
  owner: "monitoring",
  consumers: ["training"],
  startsCascade: true,
  outgoing: true,
  summary: "The version that serves predicts worse than it did at its promotion.",
  schema: z.object({
    windowId: identifier,
    version: versionNumber,
    metric: MetricName,
    expected: z.number(),
    measured: z.number(),
    maxDrop: z.number(),
    labels: count,
  }),
  example: {
    windowId: "0199a4c0-7f30-7000-8000-000000000008",
    version: 1,
    metric: "auc",
    expected: 0.71,
    measured: 0.62,
    maxDrop: 0.05,
    labels: 1000,
  },
});
