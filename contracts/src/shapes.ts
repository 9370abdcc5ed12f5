import { z } from "zod";
import { ArtifactRef } from "./artifact-ref.ts";
import { Column, ColumnName, ColumnType, FeatureKind } from "./pipeline/columns.ts";
import { metricFields } from "./pipeline/metrics.ts";
import { PipelineName } from "./pipeline-name.ts";

/** Shapes that several events share. */

export const identifier = z.string().min(1).max(256);
export const sentence = z.string().min(1).max(8000);
export const moment = z.iso.datetime({ offset: true });
export const count = z.int().nonnegative();
export const versionNumber = z.int().positive();

/** Finite by construction: JSON carries neither NaN nor infinities, and a gate must fail closed. */
/** Names that it does not know, of a newer build, are left out. */
export const Metrics = z.object(metricFields(z.number()));
export type Metrics = z.infer<typeof Metrics>;

/** A business "no": a stable code, what happened, and what to do next. */
export const Problem = z.object({
  code: z.string().regex(/^[A-Z][A-Z0-9_]{2,63}$/),
  message: sentence,
  whatToDo: sentence,
});
export type Problem = z.infer<typeof Problem>;

export const Feature = z.object({ name: ColumnName, sql: z.string().min(1).max(4000), kind: FeatureKind });
export type Feature = z.infer<typeof Feature>;

export const Task = z.enum(["binary", "multiclass", "regression"]);
export type Task = z.infer<typeof Task>;

/** Features that are what was known of an entity: offline by a join at a point in time, online by the newest rows. */
export const Lookup = z.object({
  /** The view that has the values, in the version that they were computed by. */
  pipeline: PipelineName,
  view: identifier,
  viewDigest: identifier,
  /** Columns of a row that name the entity, and the one that says at which time. */
  on: z.array(Column).min(1),
  time: ColumnName,
  ttlMs: z.int().positive().optional(),
  columns: z.array(
    z.object({
      name: ColumnName,
      from: ColumnName,
      type: ColumnType,
      /** The value of an entity that nothing is known of; none where it is left out. */
      missing: z.literal(0).optional(),
    }),
  ),
});
export type Lookup = z.infer<typeof Lookup>;

/** The rows a run learns from, already computed as features and split. */
export const TrainingSet = z.object({
  view: identifier,
  viewDigest: identifier,
  label: ColumnName,
  features: z.array(Feature).min(1),
  /** The raw columns the features are computed from: what a caller of the model sends. */
  inputColumns: z.array(Column).min(1),
  train: ArtifactRef,
  validation: ArtifactRef,
  holdout: ArtifactRef,
  rowCounts: z.object({ train: count, validation: count, holdout: count }),
  datasetVersions: z.array(identifier).min(1),
  /** Where features come from that no expression over a row gives, and the digest of how they are declared. */
  lookups: z.array(Lookup).max(100).optional(),
  pastDigest: identifier.optional(),
});
export type TrainingSet = z.infer<typeof TrainingSet>;

/** Everything that is needed to answer with a model, and nothing else. */
export const ServableModel = z.object({
  model: ArtifactRef,
  task: Task,
  label: ColumnName,
  /** Class names by index for classification, absent for regression. */
  classes: z.array(z.string()).optional(),
  features: z.array(Feature).min(1),
  inputColumns: z.array(Column).min(1),
  lookups: z.array(Lookup).max(100).optional(),
});
export type ServableModel = z.infer<typeof ServableModel>;

export const GateResult = z.object({
  gate: z.string().min(1).max(200),
  passed: z.boolean(),
  detail: sentence,
});
export type GateResult = z.infer<typeof GateResult>;

export const Trigger = z.object({
  kind: z.enum([
    "new-data",
    "drift",
    "quality-drop",
    "request",
    "pipeline-change",
    "schedule",
    "code-change",
  ]),
  /** The event that asked for the run. */
  eventId: identifier,
  reason: sentence,
});
export type Trigger = z.infer<typeof Trigger>;

/** What a hyperparameter search came to; the report has every trial. */
export const SearchOutcome = z.object({
  method: z.enum(["tpe", "random", "halving"]),
  metric: identifier,
  goal: z.enum(["minimize", "maximize"]),
  /** What the search was ended by: all of its trials were made, its time was over, or nothing worked. */
  endedBy: z.enum(["trials", "time", "failures"]),
  trials: z.object({ completed: count, stopped: count, failed: count }),
  /** The number of the trial whose model goes on, from 0; none where no trial gave one. */
  best: count.optional(),
  report: ArtifactRef,
});
export type SearchOutcome = z.infer<typeof SearchOutcome>;
