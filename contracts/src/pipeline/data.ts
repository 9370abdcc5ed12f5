import { z } from "zod";
import { ColumnName, ColumnType } from "./columns.ts";
import { DataSource } from "./sources.ts";

const dataFormats = ["csv", "parquet", "json-lines", "json"] as const;
export const DataFormat = z.enum(dataFormats);
export type DataFormat = z.infer<typeof DataFormat>;

/** Character encodings that a CSV file may be declared to have; all of them are read by Node itself. */
const textEncodings = [
  "utf-8",
  "utf-16le",
  "utf-16be",
  "windows-1250",
  "windows-1251",
  "windows-1252",
  "iso-8859-2",
  "iso-8859-15",
  "shift_jis",
  "gb18030",
  "euc-kr",
] as const;

const oneCharacter = /^[^\r\n\0]$/;

const CsvSection = z
  .strictObject({
    delimiter: z
      .string()
      .regex(/^[^\r\n\0]{1,4}$/, "must be 1 to 4 characters without line end and NUL")
      .optional()
      .describe("Comma, semicolon, tab or vertical bar is found where it is left out."),
    quote: z
      .string()
      .regex(oneCharacter, "must be one character, and neither line end nor NUL")
      .optional()
      .describe("The double or the single quote is found where it is left out."),
    header: z
      .boolean()
      .optional()
      .describe(
        "Whether the first line names the columns; found where it is left out. Without it the columns are data.columns, in their order.",
      ),
    encoding: z
      .enum(textEncodings)
      .optional()
      .describe("UTF-8, or UTF-16 where the file begins with its mark, where it is left out."),
    nullValues: z
      .array(z.string().max(100))
      .min(1)
      .max(20)
      .optional()
      .describe("What stands for no value; the empty text where it is left out."),
  })
  .refine(({ delimiter, quote }) => delimiter === undefined || !delimiter.includes(quote ?? '"'), {
    path: ["delimiter"],
    message: "must not contain the quote",
  });

const policy = z.enum(["accept", "refuse"]);

const SchemaChanges = z.strictObject({
  addedColumn: policy.default("accept").describe("A column that the batch before did not have."),
  widenedType: policy
    .default("accept")
    .describe("A type that holds all values of the one before: integer to number, any to string."),
  removedColumn: policy.default("refuse").describe("A column that the batch before had."),
});

export const DataSection = z
  .strictObject({
    format: DataFormat.optional().describe("Taken from the file's name where it is left out."),
    csv: CsvSection.optional().describe("How CSV files are written. What is left out is found in each file."),
    sources: z
      .array(DataSource)
      .min(1)
      .max(20)
      .optional()
      .describe("Where data come from that nobody announces by data.arrived."),
    schemaChanges: SchemaChanges.optional().describe(
      "What may change from batch to batch in columns that are not declared. Anything may where it is left out.",
    ),
    columns: z
      .record(ColumnName, ColumnType)
      .refine((columns) => Object.keys(columns).length > 0, "declare at least one column")
      .describe("The columns every batch must have, with their types. Further columns are allowed."),
    key: z.array(ColumnName).min(1).optional().describe("Columns that together identify a row."),
    repeatedKey: z
      .enum(["newest", "keep"])
      .optional()
      .describe(
        "What a key that comes again means to a training set. newest, the default: of its rows only the newest counts. keep: all count.",
      ),
    eventTime: ColumnName.optional().describe("The timestamp column that orders rows for the split."),
    label: ColumnName.describe("The column to predict."),
  })
  .describe("What the pipeline reads.");
