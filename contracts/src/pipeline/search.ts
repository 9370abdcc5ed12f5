import { z } from "zod";
import { type Goal, goalOf } from "./metrics.ts";

const SearchGoal = z
  .enum(["minimize", "maximize"])
  .optional()
  .describe("Known for the metrics that Cascade measures; to be told for others.");

const Measured = z.string().min(1).max(200);

const Range = z.strictObject({
  min: z.number(),
  max: z.number(),
  scale: z
    .enum(["linear", "log"])
    .optional()
    .describe("log: each factor is as likely as another, as for learning rates. linear where left out."),
  integer: z.boolean().optional().describe("Whole numbers only."),
});

const Choices = z.strictObject({
  choices: z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .max(100)
    .describe("One of these, which have no order."),
});

/** One parameter that a search varies. */
export const SearchedParameter = z.union([Range, Choices]);
export type SearchedParameter = z.infer<typeof SearchedParameter>;

export const SearchSection = z
  .strictObject({
    method: z
      .enum(["tpe", "random", "halving"])
      .default("tpe")
      .describe(
        "tpe: looks where earlier trials were good. random: looks anywhere. halving: begins many with little, goes on with the best.",
      ),
    space: z
      .record(z.string().min(1).max(200), SearchedParameter)
      .describe("The parameters to vary, by name; training.parameters holds the fixed ones."),
    trials: z.int().positive().max(1000).default(20).describe("The budget: how many trials at most."),
    timeSeconds: z
      .number()
      .positive()
      .max(86_400)
      .optional()
      .describe("The budget in time: no trial goes on after it. training.timeoutSeconds is for one trial."),
    parallel: z
      .int()
      .positive()
      .max(64)
      .default(1)
      .describe("Trials at once, where the service allows as many. It changes no result."),
    metric: Measured.optional().describe(
      "What the best trial is best in, as metrics.json has it: auc, accuracy or rmse by task where left out.",
    ),
    goal: SearchGoal,
    earlyStopping: z
      .strictObject({
        metric: Measured.describe("As progress.jsonl has it, such as validationLoss."),
        goal: SearchGoal,
        afterSteps: z.int().nonnegative().max(1_000_000_000).default(16),
      })
      .optional()
      .describe("Ends a trial that is worse than half of the ones before it were at the same step."),
    halving: z
      .strictObject({
        resource: z.string().min(1).max(200).describe("The parameter that says how much a trial may use."),
        min: z.int().positive(),
        max: z.int().positive(),
        factor: z.int().min(2).max(10).default(3).describe("One of this many goes on, with this much more."),
      })
      .optional(),
  })
  .describe("Parameters that are looked for instead of given.");
export type SearchSection = z.infer<typeof SearchSection>;

/** What a search is after, with what follows from the task where the file leaves it out. */
export function searchAim(
  search: SearchSection,
  task: "binary" | "multiclass" | "regression",
): { readonly metric: string; readonly goal: Goal } {
  const metric = search.metric ?? { binary: "auc", multiclass: "accuracy", regression: "rmse" }[task];
  return { metric, goal: search.goal ?? goalOf(metric) ?? "maximize" };
}
