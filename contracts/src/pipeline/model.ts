import { z } from "zod";
import { MetricName } from "./metrics.ts";
import { SearchSection } from "./search.ts";
import { SplitSection, TrainingWindow } from "./training-rows.ts";

/** What a trigger is held to on its own, beside the limits for all of them. */
const ownLimits = {
  cooldownSeconds: z
    .number()
    .nonnegative()
    .optional()
    .describe("The least time after the end of a run that this trigger has started until it starts another."),
  runsPerDay: z.int().positive().optional().describe("How many runs this trigger may start on a day of UTC."),
};

const Debounce = z
  .strictObject({
    quietSeconds: z.number().positive().max(86_400).describe("No new rows must have come for this long."),
    maxDelaySeconds: z
      .number()
      .positive()
      .describe("The run starts this long after there were enough rows, also where rows go on coming."),
  })
  .refine(({ quietSeconds, maxDelaySeconds }) => maxDelaySeconds >= quietSeconds, {
    path: ["maxDelaySeconds"],
    message: "must not be less than quietSeconds: there would be nothing to wait for",
  });

const schedule = z.strictObject({
  cron: z
    .string()
    .regex(
      /^(?:@(?:hourly|daily|weekly|monthly|yearly)|\S{1,100}(?: \S{1,100}){4})$/,
      'must be five fields such as "0 3 * * 1-5", or @hourly, @daily, @weekly, @monthly, @yearly',
    )
    .describe("Minute, hour, day of the month, month, day of the week."),
  timeZone: z.string().min(1).max(100).default("UTC").describe("Whose time it is: UTC, Europe/Berlin, …"),
  minNewRows: z.int().nonnegative().default(0).describe("Where fewer are new, the next due time asks again."),
  ...ownLimits,
});

const codeChange = z.strictObject({
  everySeconds: z
    .number()
    .min(1)
    .max(86_400)
    .optional()
    .describe(
      "How often the program's directory is looked at; only at each cascade apply where it is left out.",
    ),
  ...ownLimits,
});

const TriggersSection = z.strictObject({
  newData: z
    .strictObject({
      minRows: z.int().positive().default(1),
      debounce: Debounce.optional().describe("Wait until no more rows come, so that one run sees them all."),
      ...ownLimits,
    })
    .nullable()
    .default({ minRows: 1 })
    .describe("Train when this many new rows have been accepted. null: never."),
  drift: z
    .strictObject({ minNewRows: z.int().nonnegative().default(1), ...ownLimits })
    .nullable()
    .default({ minNewRows: 1 })
    .describe("Train when live data drift, as soon as this many new rows are there. null: never."),
  qualityDrop: z
    .strictObject({ minNewRows: z.int().nonnegative().default(1), ...ownLimits })
    .nullable()
    .default({ minNewRows: 1 }),
  schedule: schedule.nullable().optional().describe("Train at times. Never where it is left out."),
  codeChange: codeChange
    .nullable()
    .optional()
    .describe("Train when the program of training.trainer has changed. null: never."),
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
          image: z
            .string()
            .min(1)
            .max(1024)
            .regex(/^\S+$/u, "an image has no spaces in its name")
            .optional()
            .describe("A container image that has the program: it runs as a Kubernetes Job."),
          data: z
            .enum(["parquet", "csv"])
            .optional()
            .describe("csv: train.csv and validation.csv are there beside the Parquet files."),
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

const sliced = {
  slice: z
    .string()
    .min(1)
    .optional()
    .describe("A feature: the gate holds for the rows of each of its values, of a number for each quarter."),
  minRows: z
    .int()
    .positive()
    .optional()
    .describe("Slices of fewer holdout rows are not judged; 100 where it is left out."),
};

export const GateSpec = z.union([
  z.strictObject({
    metric: MetricName,
    min: z.number().optional(),
    max: z.number().optional(),
    ...sliced,
  }),
  z.strictObject({
    metric: MetricName,
    maxGap: z.number().nonnegative().describe("Between the best and the worst slice."),
    between: z
      .string()
      .min(1)
      .describe("A feature, whose values are the groups that are to be treated alike."),
    minRows: sliced.minRows,
  }),
  z.strictObject({
    metric: MetricName,
    beatsChampionBy: z.number().describe("0: at least as good as the champion on the same holdout."),
    confidence: z
      .number()
      .min(0.5)
      .max(0.999)
      .optional()
      .describe(
        "How sure it must be: the share of draws of holdout rows in which the lead is that large. The lead on all rows decides where it is left out.",
      ),
    ...sliced,
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
