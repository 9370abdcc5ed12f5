import { z } from "zod";

/** What a recipe may set for the linear learner; every key has a default. */
export const linearParametersSchema = z.strictObject({
  /** L2 penalty on the weights of standardised columns, in rows; the intercept has none. */
  l2: z.number().gt(0).max(1e9).default(1),
  /** Categories of one column that get a weight of their own, the most frequent first; the rest share one. */
  categoriesMax: z.int().min(1).max(2000).default(100),
  /** Categories in fewer rows share the weight of the rest. */
  categoryRowsMin: z.int().min(1).max(1_000_000).default(10),
  /** Most Newton steps of a logistic fit; it usually needs fewer than ten. */
  iterationsMax: z.int().min(1).max(1000).default(50),
});

export type LinearParameters = z.infer<typeof linearParametersSchema>;
