import { z } from "zod";

const columnTypes = ["boolean", "integer", "number", "string", "timestamp"] as const;
export const ColumnType = z.enum(columnTypes);
export type ColumnType = z.infer<typeof ColumnType>;

export const ColumnName = z.string().min(1).max(128);

export const Column = z.object({ name: ColumnName, type: ColumnType });
export type Column = z.infer<typeof Column>;

/** How a model sees a feature: a number, or one of a set of categories. */
export const FeatureKind = z.enum(["number", "category"]);
export type FeatureKind = z.infer<typeof FeatureKind>;
