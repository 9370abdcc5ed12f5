import { z } from "zod";
import { classWeightsSchema } from "../class-weights.ts";
import { monotoneSchema } from "./monotone.ts";

/** What a recipe may set for the gradient-boosting learner; every key has a default. */
export const gbdtParametersSchema = z.strictObject({
  /** How far each tree moves the score. */
  learningRate: z.number().gt(0).max(1).default(0.1),
  /** Most leaves of one tree; trees grow where the gain is highest. */
  leavesMax: z.int().min(2).max(1024).default(31),
  /** Most splits between root and leaf; 0 is no limit. */
  depthMax: z.int().min(0).max(64).default(0),
  /** L2 penalty on leaf values. */
  l2: z.number().min(0).max(1e6).default(1),
  /** Least sum of second derivatives on either side of a split. */
  childWeightMin: z.number().gt(0).max(1e6).default(1e-3),
  /** Least rows on either side of a split. */
  leafRowsMin: z.int().min(1).max(1_000_000).default(20),
  /** Most boosting rounds. */
  roundsMax: z.int().min(1).max(20_000).default(2000),
  /** Stop when the validation loss has not improved for this many rounds. */
  earlyStoppingRounds: z.int().min(1).max(1000).default(20),
  /** Share of the columns that each tree may use. */
  columnFraction: z.number().gt(0).max(1).default(1),
  /** How much the rows of each class count, in the fit and in early stopping. */
  classWeights: classWeightsSchema,
  /** Number columns with which the score may only rise ("increasing") or fall ("decreasing"). */
  monotone: monotoneSchema,
  /** Categories told apart in one column, the most frequent first; the rest count as missing. */
  categoriesMax: z.int().min(1).max(100_000).default(1000),
  /** Categories in fewer rows count as missing. */
  categoryRowsMin: z.int().min(1).max(1_000_000).default(5),
});

export type GbdtParameters = z.infer<typeof gbdtParametersSchema>;
