import { Metrics, ServableModel } from "@cascade/contracts";
import type { ColumnReference, Reference } from "@cascade/tabular";
import { z } from "zod";

const shares = z.array(z.number().nonnegative()).min(1);

const ColumnReferenceShape: z.ZodType<ColumnReference> = z.discriminatedUnion("kind", [
  z.object({ name: z.string(), kind: z.literal("numeric"), edges: z.array(z.number()), shares }),
  z.object({ name: z.string(), kind: z.literal("categorical"), categories: z.array(z.string()), shares }),
]);

/** The file that evaluation writes: what the holdout and the model's answers for it look like. */
export const ReferenceFile = z.object({
  version: z.literal(1),
  rowCount: z.int().positive(),
  columns: z.record(z.string(), ColumnReferenceShape),
});
export type ReferenceFile = z.infer<typeof ReferenceFile>;

/** A version that monitoring can judge: what it was promoted with. */
export const WatchedVersion = z.object({
  version: z.int(),
  servable: ServableModel,
  expected: Metrics,
  reference: ReferenceFile,
  correlationId: z.string(),
});
export type WatchedVersion = z.infer<typeof WatchedVersion>;

export function referenceOf({ rowCount, columns }: ReferenceFile): Reference {
  return { rowCount, columns: Object.values(columns) };
}
