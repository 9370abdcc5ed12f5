import { z } from "zod";
import { defineEvent } from "../event-definition.ts";
import { count, identifier, Metrics, versionNumber } from "../shapes.ts";

export const QualityWindowClosedV1 = defineEvent({
  name: "quality-window.closed",
  version: 1,
  owner: "monitoring",
  consumers: ["deployment"],
  summary: "Enough labels are known to measure how well a version predicts.",
  schema: z.object({
    windowId: identifier,
    version: versionNumber,
    labels: count,
    metrics: Metrics,
    expected: Metrics,
  }),
  example: {
    windowId: "0199a4c0-7f30-7000-8000-000000000008",
    version: 1,
    labels: 1000,
    metrics: { auc: 0.66 },
    expected: { auc: 0.71 },
  },
});
