import { z } from "zod";

const BucketSource = z
  .strictObject({
    kind: z.literal("bucket"),
    bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be the name of a bucket"),
    prefix: z.string().max(1024).optional().describe("Only objects whose key begins with it."),
    suffix: z
      .string()
      .max(1024)
      .optional()
      .describe("Only objects whose key ends with it, such as .parquet."),
  })
  .describe("Each object that the bucket's notifications say was created is a batch.");

/** A place that new data are looked for in, or that tells of them itself. */
export const DataSource = z.discriminatedUnion("kind", [BucketSource]);
export type DataSource = z.infer<typeof DataSource>;
