import { z } from "zod";
import { ColumnName } from "./columns.ts";
import { Duration } from "./duration.ts";

const halfLife = Duration.describe(
  "Rows this much older than the newest one are half as likely to be trained on, and so on. Rows that are left out are drawn by the seed; validation and holdout keep all of theirs.",
);

/** Which of the accepted rows a model learns from. */
export const TrainingWindow = z
  .union([
    z.literal("all"),
    z.strictObject({ rows: z.int().positive().describe("The newest rows, this many.") }),
    z.strictObject({ batches: z.int().positive().max(100_000).describe("The newest batches, this many.") }),
    z.strictObject({
      duration: Duration.describe("Rows that are less than this older than the newest one."),
      halfLife: halfLife.optional(),
    }),
    z.strictObject({ halfLife }),
  ])
  .describe("What to train on: all rows where it is left out.");
export type TrainingWindow = z.infer<typeof TrainingWindow>;

const share = z.number().gt(0).lt(1);

export const SplitSection = z
  .strictObject({
    train: share,
    validation: share,
    holdout: share,
    by: z
      .enum(["time", "key", "random"])
      .optional()
      .describe(
        "time: the newest rows are the holdout; the default where there is an event time. key: whole keys are drawn. random: rows are drawn, those of one key together where a key is declared.",
      ),
    key: z
      .array(ColumnName)
      .min(1)
      .optional()
      .describe(
        "Columns whose values must not be on both sides of the split: data.key where it is left out. By time, rows of a key that an earlier part has are then left out of the later ones.",
      ),
    seed: z.int().nonnegative().optional().describe("training.seed where it is left out."),
  })
  .refine((s) => Math.abs(s.train + s.validation + s.holdout - 1) < 1e-9, "the shares must add up to 1");
export type SplitSection = z.infer<typeof SplitSection>;
