import { z } from "zod";

const shares = z.array(z.number().min(0).max(1));

/**
 * The reference artifact of an evaluation, which monitoring reads: what the features of the holdout and the
 * model's own answers for it (the column "prediction") looked like.
 */
export const StoredReference = z.object({
  version: z.literal(1),
  rowCount: z.int().nonnegative(),
  columns: z.record(
    z.string(),
    z.discriminatedUnion("kind", [
      z.object({ name: z.string(), kind: z.literal("numeric"), edges: z.array(z.number()), shares }),
      z.object({ name: z.string(), kind: z.literal("categorical"), categories: z.array(z.string()), shares }),
    ]),
  ),
});
export type StoredReference = z.infer<typeof StoredReference>;
