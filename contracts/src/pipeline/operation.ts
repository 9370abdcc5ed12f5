import { z } from "zod";
import { ColumnName } from "./columns.ts";
import { MetricName } from "./metrics.ts";

export const PromotionSection = z.strictObject({
  approval: z
    .enum(["automatic", "manual"])
    .default("automatic")
    .describe("manual: a person approves each promotion."),
});

export const RolloutStep = z.strictObject({
  weightPercent: z.int().min(1).max(100),
  minRequests: z.int().nonnegative().default(50).describe("Answers by the new version before it is judged."),
  minSeconds: z.number().nonnegative().default(0),
});
export type RolloutStep = z.infer<typeof RolloutStep>;

export const DeploymentSection = z
  .strictObject({
    strategy: z.enum(["direct", "canary"]).default("direct"),
    steps: z
      .array(RolloutStep)
      .min(1)
      .max(20)
      .optional()
      .describe("For canary: rising weights. Traffic moves to 100 % after the last one."),
    analysis: z
      .strictObject({
        maxErrorShare: z.number().min(0).max(1).default(0.01),
        maxLatencyP99Ms: z.number().positive().optional(),
      })
      .prefault({}),
    replicaTimeoutSeconds: z.number().positive().default(60).describe("How long replicas may take to load."),
  })
  .refine((d) => d.strategy !== "canary" || d.steps !== undefined, {
    path: ["steps"],
    message: "a canary rollout needs steps",
  })
  .refine(
    (d) =>
      (d.steps ?? []).every((s, i, all) => i === 0 || s.weightPercent > (all[i - 1]?.weightPercent ?? 0)),
    {
      path: ["steps"],
      message: "weights must rise from step to step",
    },
  )
  .describe("How traffic moves to a promoted model.");

export const MonitoringSection = z
  .strictObject({
    window: z
      .strictObject({ predictions: z.int().min(10).max(1_000_000).default(1000) })
      .prefault({})
      .describe("A window closes after this many predictions."),
    drift: z
      .strictObject({
        test: z.enum(["psi"]).default("psi"),
        threshold: z.number().positive().default(0.2),
        columns: z.array(ColumnName).min(1).optional().describe("All features where it is left out."),
        minColumns: z.int().positive().default(1).describe("Drift is declared when this many columns drift."),
      })
      .nullable()
      .prefault({}),
    quality: z
      .strictObject({
        metric: MetricName,
        maxDrop: z
          .number()
          .positive()
          .describe("Against the holdout metric at promotion, in the metric's unit."),
        minLabels: z.int().positive().default(200),
      })
      .nullable()
      .default(null),
    feedback: z
      .strictObject({ minRows: z.int().positive().default(1000) })
      .nullable()
      .default(null)
      .describe("Labelled predictions become a new batch of data after this many rows. null: never."),
  })
  .describe("What is watched while the model serves.");
