import { PipelineAppliedV1, PipelineSpec, type TrainingSet, type Trigger } from "@cascade/contracts";
import type { Given } from "@cascade/messaging";
import { appliedPipeline } from "../domain/applied-pipeline.ts";
import {
  type AppliedPipeline,
  emptyTriggerState,
  type TriggerPolicy,
  type TriggerState,
} from "../domain/trigger-state.ts";

// What the unit tests of the trigger policy are given.

export const noon = new Date("2026-03-01T12:00:00.000Z");

export function given(now: Date = noon): Given {
  let count = 0;
  return { now, newId: () => `id-${++count}` };
}

const { spec } = PipelineAppliedV1.example;
const sample = PipelineAppliedV1.example;

export function pipeline(triggers: Partial<TriggerPolicy> = {}, version = 1): AppliedPipeline {
  const applied = appliedPipeline({ ...sample, version, spec: PipelineSpec.parse(spec) });
  return {
    ...applied,
    training: { ...applied.training, triggers: { ...applied.training.triggers, ...triggers } },
  };
}

const digest = `sha256:${"a".repeat(64)}`;
const parquet = { digest, sizeBytes: 1, mediaType: "application/vnd.apache.parquet" };

/** The training set of the sample pipeline. */
export const trainingSet: TrainingSet = {
  view: "departures",
  viewDigest: digest,
  label: "delayed",
  features: [
    { name: "hour", sql: "hour(date)", kind: "number" },
    { name: "origin", sql: "origin", kind: "category" },
    { name: "distance", sql: "distance", kind: "number" },
  ],
  inputColumns: [
    { name: "date", type: "timestamp" },
    { name: "origin", type: "string" },
    { name: "distance", type: "number" },
  ],
  train: parquet,
  validation: parquet,
  holdout: parquet,
  rowCounts: { train: 70, validation: 15, holdout: 15 },
  datasetVersions: [digest],
};

/** A pipeline with a training set, 100 new rows, and nothing in the way of a run. */
export function ready(changes: Partial<TriggerState> = {}): TriggerState {
  return {
    ...emptyTriggerState,
    pipeline: pipeline(),
    snapshot: { snapshotId: "snapshot-1", trainingSet },
    newRows: 100,
    ...changes,
  };
}

export function trigger(kind: Trigger["kind"], eventId = `event-${kind}`): Trigger {
  return { kind, eventId, reason: `because of ${kind}` };
}

export const triggerKinds = ["new-data", "drift", "quality-drop", "request", "pipeline-change"] as const;
