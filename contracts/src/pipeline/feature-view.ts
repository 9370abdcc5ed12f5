import { z } from "zod";
import { PipelineName } from "../pipeline-name.ts";
import { ColumnName, FeatureKind } from "./columns.ts";
import { Duration } from "./duration.ts";

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "must be a slug");
const expression = z.string().min(1).max(4000);

const FeatureColumn = z.union([expression, z.strictObject({ sql: expression, kind: FeatureKind })]);

export const AggregateSpec = z
  .strictObject({
    function: z.enum(["sum", "count", "avg", "min", "max", "last"]),
    of: expression
      .optional()
      .describe("SQL expression over the data's columns. Without it, rows are counted."),
    over: Duration.describe("How far back it looks from just before the row's event time."),
  })
  .refine((a) => a.of !== undefined || a.function === "count", {
    path: ["of"],
    message: "only count needs no expression",
  });
export type AggregateSpec = z.infer<typeof AggregateSpec>;

const few = <Value extends z.ZodType>(value: Value, most: number) =>
  z
    .record(ColumnName, value)
    .refine((record) => Object.keys(record).length <= most, `at most ${most} are possible`);

export const JoinSpec = z.strictObject({
  view: slug.describe("The view to take values from: one of features.views, or one that a pipeline shares."),
  pipeline: PipelineName.optional().describe("Whose view it is; this pipeline's where it is left out."),
  on: z.array(ColumnName).min(1).max(16).describe("The data's columns that name the view's entity."),
  ttl: Duration.optional().describe(
    "How old a value may be at the row's event time; any age where left out.",
  ),
  columns: few(ColumnName, 200)
    .refine((columns) => Object.keys(columns).length > 0, "take at least one column")
    .describe("Feature name to the name of a column or an aggregate of the view."),
});
export type JoinSpec = z.infer<typeof JoinSpec>;

/** What a view of any kind may declare. */
const viewFields = {
  createdTime: ColumnName.optional().describe(
    "The timestamp column that says which of two rows with equal event times is the newer one; else the one accepted last.",
  ),
  aggregates: few(AggregateSpec, 200)
    .optional()
    .describe("Name to what is calculated of the rows of the same entity within a window before each row."),
  shared: z.boolean().optional().describe("Whether other pipelines may join it."),
};
const entity = z
  .array(ColumnName)
  .min(1)
  .max(16)
  .describe("The data's columns that name what rows are about.");

const FurtherView = z.strictObject({
  entity,
  columns: few(FeatureColumn, 500)
    .optional()
    .describe("Column name to SQL expression over the data's columns."),
  ...viewFields,
});

export const FeaturesSection = z
  .strictObject({
    view: slug.describe("The name of the feature view."),
    columns: z
      .record(ColumnName, FeatureColumn)
      .refine((columns) => Object.keys(columns).length > 0, "declare at least one feature")
      .describe("Feature name to SQL expression over the data's columns. Text becomes a category."),
    entity: entity.optional(),
    ...viewFields,
    freshness: Duration.optional().describe(
      "How old the newest event time may be. With a limit, ages are told as events, and when it is passed.",
    ),
    joins: z
      .array(JoinSpec)
      .max(20)
      .optional()
      .describe("Values of other views, as they were known at each row's event time."),
    views: z
      .record(slug, FurtherView)
      .refine((views) => Object.keys(views).length <= 20, "at most 20 are possible")
      .optional()
      .describe("Further views of the same data, to be joined here or by other pipelines."),
  })
  .describe("What the model sees.");
export type FeaturesSection = z.infer<typeof FeaturesSection>;
