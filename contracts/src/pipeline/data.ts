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
