import { z } from "zod";
import { SearchSection } from "./search.ts";
import { SplitSection, TrainingWindow } from "./training-rows.ts";

const TriggersSection = z.strictObject({
  newData: z
    .strictObject({ minRows: z.int().positive().default(1) })
    .nullable()
    .default({ minRows: 1 })
    .describe("Train when this many new rows have been accepted. null: never."),
  drift: z
    .strictObject({ minNewRows: z.int().nonnegative().default(1) })
    .nullable()
    .default({ minNewRows: 1 })
    .describe("Train when live data drift, as soon as this many new rows are there. null: never."),
  qualityDrop: z
    .strictObject({ minNewRows: z.int().nonnegative().default(1) })
    .nullable()
    .default({ minNewRows: 1 }),
  cooldownSeconds: z
    .number()
    .nonnegative()
    .default(60)
    .describe("The least time between two runs that events started. Requests by people are exempt."),
  runsPerDay: z.int().positive().default(24).describe("The budget for runs that events started."),
});

export const TrainingSection = z
  .strictObject({
    task: z.enum(["binary", "multiclass", "regression"]),
    trainer: z
      .union([
        z.enum(["builtin/gbdt", "builtin/linear"]),
        z.strictObject({
          command: z.array(z.string().min(1)).min(1).describe("Program and arguments."),
          directory: z
            .string()
            .optional()
            .describe("Where the program's files are; relative paths start there."),
        }),
      ])
      .default("builtin/gbdt"),
    parameters: z.record(z.string(), z.json()).default({}),
    search: SearchSection.optional(),
    seed: z.int().nonnegative().default(1),
    window: TrainingWindow.optional(),
    split: SplitSection.default({ train: 0.7, validation: 0.15, holdout: 0.15 }),
    timeoutSeconds: z.number().positive().max(86_400).default(600),
    memoryMiB: z.int().positive().default(2048),
    triggers: TriggersSection.prefault({}),
  })
  .describe("How a model is made, and when.");

const metricNames = ["auc", "logLoss", "brier", "accuracy", "rmse", "mae", "r2"] as const;
export const MetricName = z.enum(metricNames);
export type MetricName = z.infer<typeof MetricName>;

export const GateSpec = z.union([
  z.strictObject({
    metric: MetricName,
    min: z.number().optional(),
    max: z.number().optional(),
  }),
  z.strictObject({
    metric: MetricName,
    beatsChampionBy: z.number().describe("0: at least as good as the champion on the same holdout."),
  }),
]);
export type GateSpec = z.infer<typeof GateSpec>;

export const EvaluationSection = z
  .strictObject({
    metric: MetricName.optional().describe(
      "The primary metric: auc, accuracy or rmse by task where left out.",
    ),
    gates: z.array(GateSpec).max(100).default([]),
    maxModelBytes: z
      .int()
      .positive()
      .default(64 * 1024 * 1024),
  })
  .describe("What a candidate must prove before it is registered for promotion.");
