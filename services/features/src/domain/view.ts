import { createHash } from "node:crypto";
import {
  Column,
  type DataOf,
  durationMs,
  FeatureKind,
  type FeaturesSection,
  type PipelineAppliedV1,
  pastDigest,
} from "@cascade/contracts";
import { z } from "zod";
import { Aggregate, Definition } from "./definition.ts";

const Join = z.object({
  /** Null for a view of this pipeline. */
  pipeline: z.string().nullable(),
  view: z.string(),
  on: z.array(z.string()),
  ttlMs: z.int().positive().nullable(),
  columns: z.array(z.object({ name: z.string(), from: z.string() })),
});

/** What a pipeline declares of its features and of the training set. */
export const View = z.object({
  name: z.string(),
  columns: z.array(Column),
  label: z.string(),
  eventTime: z.string().nullable(),
  /** Columns whose values are never on both sides of a split; empty where none are declared. */
  key: z.array(z.string()),
  /** Columns that together identify a row, of which the newest counts; empty where all count. */
  identity: z.array(z.string()).default([]),
  features: z.array(z.object({ name: z.string(), sql: z.string(), kind: FeatureKind.optional() })),
  /** Columns that name what rows are about; empty where nothing is looked up of it. */
  entity: z.array(z.string()).default([]),
  aggregates: z.array(Aggregate).default([]),
  joins: z.array(Join).default([]),
  /** The views of the pipeline that remember, its own among them. */
  definitions: z.array(Definition).default([]),
  /** Of everything that is declared of the past, as training compares it. */
  pastDigest: z.string().nullable().default(null),
  /** How old the newest event time may be; null where nobody wants to know. */
  freshnessMs: z.int().positive().nullable().default(null),
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

type Spec = DataOf<typeof PipelineAppliedV1>["spec"];

export function viewOf({ spec }: DataOf<typeof PipelineAppliedV1>): View {
  const { data, features, training } = spec;
  const { train, validation, holdout, by, ...split } = training.split;
  return {
    name: features.view,
    columns: Object.entries(data.columns).map(([name, type]) => ({ name, type })),
    label: data.label,
    eventTime: data.eventTime ?? null,
    key: split.key ?? data.key ?? [],
    identity: data.repeatedKey === "keep" ? [] : (data.key ?? []),
    features: Object.entries(features.columns).map(([name, column]) =>
      typeof column === "string" ? { name, sql: column } : { name, sql: column.sql, kind: column.kind },
    ),
    entity: features.entity ?? [],
    aggregates: aggregatesOf(features.aggregates),
    joins: (features.joins ?? []).map(({ pipeline = null, view, on, ttl, columns }) => ({
      pipeline,
      view,
      on,
      ttlMs: ttl === undefined ? null : durationMs(ttl),
      columns: Object.entries(columns).map(([name, from]) => ({ name, from })),
    })),
    definitions: definitionsOf(spec),
    pastDigest: pastDigest(features) ?? null,
    freshnessMs: features.freshness === undefined ? null : durationMs(features.freshness),
    split: { train, validation, holdout },
    ...windowOf(training.window ?? "all"),
    // By key is at random, with a key that the contract demands.
    splitBy: by === undefined ? null : by === "time" ? "time" : "random",
    keysApart: split.key !== undefined,
    seed: split.seed ?? training.seed,
  };
}

/** The views that remember. The pipeline's own keeps its features only where others may want them. */
function definitionsOf({ data, features }: Spec): Definition[] {
  const { columns, eventTime, label } = data;
  if (eventTime === undefined) return [];
  const { views = {}, view, ...own } = features;
  const all = [
    { name: view, ...own, columns: own.shared === true ? own.columns : {} },
    ...Object.entries(views).map(([name, further]) => ({ name, ...further })),
  ];
  return all.flatMap(({ name, entity = [], columns: values = {}, ...further }) => {
    const definition: Definition = {
      name,
      columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
      label,
      eventTime,
      createdTime: further.createdTime ?? null,
      entity,
      values: Object.entries(values).map(([value, column]) => ({
        name: value,
        sql: typeof column === "string" ? column : column.sql,
      })),
      aggregates: aggregatesOf(further.aggregates),
      shared: further.shared ?? false,
    };
    const remembers = entity.length > 0 && definition.values.length + definition.aggregates.length > 0;
    return remembers ? [definition] : [];
  });
}

function aggregatesOf(aggregates: FeaturesSection["aggregates"] = {}): Aggregate[] {
  return Object.entries(aggregates).map(([name, { function: calculated, of = null, over }]) => ({
    name,
    function: calculated,
    of,
    overMs: durationMs(over),
  }));
}

type Window = Exclude<Spec["training"]["window"], undefined>;

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

/** The columns by which a row of the view is looked up elsewhere, each list once. */
export function lookupKeys({ aggregates, entity, joins }: View): string[][] {
  const lists = [...(aggregates.length > 0 ? [entity] : []), ...joins.map(({ on }) => on)];
  return [...new Map(lists.map((on) => [JSON.stringify(on), on])).values()];
}

/** Names what the features of a batch depend on, and nothing else: how they are split does not change them. */
export function viewDigest(view: View): string {
  const { name, columns, label, eventTime, key, features } = view;
  const identity = view.identity.length > 0 ? view.identity : undefined;
  // Partitions that hold both are laid out differently from those of before there were any.
  const layout = eventTime !== null && key.length > 0 ? 2 : undefined;
  const keys = lookupKeys(view);
  const lookups = keys.length > 0 ? keys : undefined;
  const definition = JSON.stringify({
    name,
    columns,
    label,
    eventTime,
    key,
    features,
    layout,
    lookups,
    identity,
  });
  return `sha256:${createHash("sha256").update(definition).digest("hex")}`;
}

/** Whether a training set of one view is also one of the other. */
export function sameTrainingSet(a: View, b: View): boolean {
  const part = (view: View) => {
    const { split, windowRows, windowBatches, windowMs, halfLifeMs, splitBy, keysApart, seed } = view;
    const rows = { split, windowRows, windowBatches, windowMs, halfLifeMs, splitBy, keysApart, seed };
    return JSON.stringify([rows, view.pastDigest]);
  };
  return viewDigest(a) === viewDigest(b) && part(a) === part(b);
}
