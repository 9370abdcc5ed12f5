import { createHash } from "node:crypto";
import { Column, type DataOf, durationMs, FeatureKind, type PipelineAppliedV1 } from "@cascade/contracts";
import { z } from "zod";

/** What a pipeline declares of its features and of the training set. */
export const View = z.object({
  name: z.string(),
  columns: z.array(Column),
  label: z.string(),
  eventTime: z.string().nullable(),
  /** Columns whose values are never on both sides of a split; empty where none are declared. */
  key: z.array(z.string()),
  features: z.array(z.object({ name: z.string(), sql: z.string(), kind: FeatureKind.optional() })),
  split: z.object({ train: z.number(), validation: z.number(), holdout: z.number() }),
  windowRows: z.int().positive().nullable(),
  windowBatches: z.int().positive().nullable().default(null),
  windowMs: z.int().positive().nullable().default(null),
  halfLifeMs: z.int().positive().nullable().default(null),
  splitBy: z.enum(["time", "random"]).nullable().default(null),
  /** Also by time: rows whose key an earlier part has are left out of the later ones. */
  keysApart: z.boolean().default(false),
  seed: z.int(),
});
export type View = z.infer<typeof View>;

export function viewOf({ spec }: DataOf<typeof PipelineAppliedV1>): View {
  const { data, features, training } = spec;
  const { train, validation, holdout, by, ...split } = training.split;
  return {
    name: features.view,
    columns: Object.entries(data.columns).map(([name, type]) => ({ name, type })),
    label: data.label,
    eventTime: data.eventTime ?? null,
    key: split.key ?? data.key ?? [],
    features: Object.entries(features.columns).map(([name, column]) =>
      typeof column === "string" ? { name, sql: column } : { name, sql: column.sql, kind: column.kind },
    ),
    split: { train, validation, holdout },
    ...windowOf(training.window ?? "all"),
    // By key is at random, with a key that the contract demands.
    splitBy: by === undefined ? null : by === "time" ? "time" : "random",
    keysApart: split.key !== undefined,
    seed: split.seed ?? training.seed,
  };
}

type Window = Exclude<DataOf<typeof PipelineAppliedV1>["spec"]["training"]["window"], undefined>;

function windowOf(window: Window) {
  const { rows, batches, duration, halfLife }: Partial<Record<string, string | number>> =
    window === "all" ? {} : window;
  return {
    windowRows: typeof rows === "number" ? rows : null,
    windowBatches: typeof batches === "number" ? batches : null,
    windowMs: typeof duration === "string" ? durationMs(duration) : null,
    halfLifeMs: typeof halfLife === "string" ? durationMs(halfLife) : null,
  };
}

/** Names what the features of a batch depend on, and nothing else: how they are split does not change them. */
export function viewDigest({ name, columns, label, eventTime, key, features }: View): string {
  // Partitions that hold both are laid out differently from those of before there were any.
  const layout = eventTime !== null && key.length > 0 ? 2 : undefined;
  const definition = JSON.stringify({ name, columns, label, eventTime, key, features, layout });
  return `sha256:${createHash("sha256").update(definition).digest("hex")}`;
}

/** Whether a training set of one view is also one of the other. */
export function sameTrainingSet(a: View, b: View): boolean {
  const part = ({ split, windowRows, windowBatches, windowMs, halfLifeMs, splitBy, keysApart, seed }: View) =>
    JSON.stringify({ split, windowRows, windowBatches, windowMs, halfLifeMs, splitBy, keysApart, seed });
  return viewDigest(a) === viewDigest(b) && part(a) === part(b);
}
