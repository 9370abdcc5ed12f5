import { createHash } from "node:crypto";
import { Column, type DataOf, FeatureKind, type PipelineAppliedV1 } from "@cascade/contracts";
import { z } from "zod";

/** What a pipeline declares of its features and of the training set. */
export const View = z.object({
  name: z.string(),
  columns: z.array(Column),
  label: z.string(),
  eventTime: z.string().nullable(),
  /** Columns that together identify a row; empty where none are declared. */
  key: z.array(z.string()),
  features: z.array(z.object({ name: z.string(), sql: z.string(), kind: FeatureKind.optional() })),
  split: z.object({ train: z.number(), validation: z.number(), holdout: z.number() }),
  windowRows: z.int().positive().nullable(),
  seed: z.int(),
});
export type View = z.infer<typeof View>;

export function viewOf({ spec }: DataOf<typeof PipelineAppliedV1>): View {
  const { data, features, training } = spec;
  return {
    name: features.view,
    columns: Object.entries(data.columns).map(([name, type]) => ({ name, type })),
    label: data.label,
    eventTime: data.eventTime ?? null,
    key: data.key ?? [],
    features: Object.entries(features.columns).map(([name, column]) =>
      typeof column === "string" ? { name, sql: column } : { name, sql: column.sql, kind: column.kind },
    ),
    split: training.split,
    windowRows: training.window?.rows ?? null,
    seed: training.seed,
  };
}

/** Names what the features of a batch depend on, and nothing else: how they are split does not change them. */
export function viewDigest({ name, columns, label, eventTime, key, features }: View): string {
  const definition = JSON.stringify({ name, columns, label, eventTime, key, features });
  return `sha256:${createHash("sha256").update(definition).digest("hex")}`;
}

/** Whether a training set of one view is also one of the other. */
export function sameTrainingSet(a: View, b: View): boolean {
  const part = ({ split, windowRows, seed }: View) =>
    [split.train, split.validation, split.holdout, windowRows, seed].join(" ");
  return viewDigest(a) === viewDigest(b) && part(a) === part(b);
}
