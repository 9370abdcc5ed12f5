import { z } from "zod";
import { ColumnName, ColumnType } from "./columns.ts";

const dataFormats = ["csv", "parquet", "json-lines"] as const;
export const DataFormat = z.enum(dataFormats);
export type DataFormat = z.infer<typeof DataFormat>;

export const DataSection = z
  .strictObject({
    format: DataFormat.optional().describe("Taken from the file's name where it is left out."),
    columns: z
      .record(ColumnName, ColumnType)
      .refine((columns) => Object.keys(columns).length > 0, "declare at least one column")
      .describe("The columns every batch must have, with their types. Further columns are allowed."),
    key: z.array(ColumnName).min(1).optional().describe("Columns that together identify a row."),
    eventTime: ColumnName.optional().describe("The timestamp column that orders rows for the split."),
    label: ColumnName.describe("The column to predict."),
  })
  .describe("What the pipeline reads.");

const ColumnExpectation = z.strictObject({
  column: ColumnName,
  maxNullShare: z.number().min(0).max(1).optional().describe("0 demands a value in every row."),
  min: z.union([z.number(), z.iso.datetime()]).optional(),
  max: z.union([z.number(), z.iso.datetime()]).optional(),
  allowed: z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .min(1)
    .max(10_000)
    .optional(),
});

export const ValidationSection = z
  .strictObject({
    expectations: z.array(ColumnExpectation).max(1000).default([]),
    unique: z.array(ColumnName).min(1).optional().describe("Columns that together must be unique."),
    rowCount: z
      .strictObject({ min: z.int().nonnegative().optional(), max: z.int().positive().optional() })
      .optional(),
    infer: z
      .boolean()
      .default(true)
      .describe(
        "Derive further expectations from the first accepted batch (types, null shares, categories).",
      ),
    onViolation: z
      .enum(["reject", "quarantine"])
      .default("reject")
      .describe("reject: the batch is refused. quarantine: the rows concerned are set aside."),
    maxQuarantinedShare: z.number().min(0).max(1).default(0.1),
  })
  .describe("What is demanded of the data.");
