import { z } from "zod";
import { ColumnName } from "./columns.ts";

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

const everySeconds = z.number().min(0.1).max(86_400).describe("How often it is looked at.");

const FolderSource = z
  .strictObject({
    kind: z.literal("folder"),
    folder: z
      .string()
      .min(1)
      .max(4096)
      .regex(/^[^\0]+$/, "must be a path")
      .describe("An absolute path, without the folders in it."),
    suffix: z.string().max(255).optional().describe("Only files whose name ends with it, such as .csv.gz."),
    everySeconds: everySeconds.default(10),
    quietSeconds: z
      .number()
      .nonnegative()
      .max(86_400)
      .default(5)
      .describe("How long a file must stay as it is before it is taken: it may still be written."),
  })
  .describe("Each file in the folder is a batch, and again when it has changed.");

const PostgresSource = z
  .strictObject({
    kind: z.literal("postgres"),
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be a slug")
      .describe("What it is called. Under another name it begins with the first row again."),
    connection: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be a slug")
      .describe(
        "A connection that the service is set up with (CASCADE_INGEST_POSTGRES): no address, no password.",
      ),
    query: z
      .string()
      .min(1)
      .max(10_000)
      .describe("One select, without a semicolon. It is read in a read-only transaction."),
    watermark: ColumnName.describe(
      "A column of the query that only grows, such as the time of the last change: rows above the highest one so far are new.",
    ),
    everySeconds: everySeconds.default(60),
    maxRows: z.int().positive().max(500_000).default(100_000).describe("Rows of one batch, about."),
  })
  .describe("The new rows of a query are a batch.");

/** A place that new data are looked for in, or that tells of them itself. */
export const DataSource = z.discriminatedUnion("kind", [BucketSource, FolderSource, PostgresSource]);
export type DataSource = z.infer<typeof DataSource>;
