import { z } from "zod";
import { classWeightsSchema } from "../class-weights.ts";

/** What a recipe may set for the linear learner; every key has a default. */
export const linearParametersSchema = z
  .strictObject({
    /** L1 penalty on the weights of standardised columns, in rows; the intercept has none. Above 0 it is a lasso. */
    l1: z.number().min(0).max(1e9).default(0),
    /** L2 penalty on the same, of half their squares. */
    l2: z.number().min(0).max(1e9).default(1),
    /** How much the rows of each class count. */
    classWeights: classWeightsSchema,
    /** Categories of one column that get a weight of their own, the most frequent first; the rest share one. */
    categoriesMax: z.int().min(1).max(2000).default(100),
    /** Categories in fewer rows share the weight of the rest. */
    categoryRowsMin: z.int().min(1).max(1_000_000).default(10),
    /** Most Newton steps of a logistic fit; it usually needs fewer than ten. */
    iterationsMax: z.int().min(1).max(1000).default(50),
  })
  .refine(({ l1, l2 }) => l1 > 0 || l2 > 0, {
    path: ["l2"],
    message:
      "must be above 0 where l1 is 0: without any penalty, columns that say the same have no definite weights",
  });

export type LinearParameters = z.infer<typeof linearParametersSchema>;
