import type { ArtifactRef } from "./artifact-ref.ts";
import { mediaTypes } from "./artifact-ref.ts";
import type { ServableModel, TrainingSet } from "./shapes.ts";

/** Building blocks of the golden samples. */

const digestOf = (digit: string) => `sha256:${digit.repeat(64)}`;

export const sampleParquet: ArtifactRef = {
  digest: digestOf("a"),
  sizeBytes: 1_048_576,
  mediaType: mediaTypes.parquet,
};
export const sampleReport: ArtifactRef = {
  digest: digestOf("b"),
  sizeBytes: 2048,
  mediaType: mediaTypes.json,
};
const sampleModel: ArtifactRef = {
  digest: digestOf("c"),
  sizeBytes: 164_000,
  mediaType: mediaTypes.onnx,
};
export const sampleLog: ArtifactRef = { digest: digestOf("d"), sizeBytes: 512, mediaType: mediaTypes.text };

export const sampleDatasetVersion = digestOf("a");
export const sampleRunId = "0199a4c0-7f30-7000-8000-000000000001";
export const sampleEventId = "0199a4c0-7f30-7000-8000-0000000000e1";
export const sampleRolloutId = "0199a4c0-7f30-7000-8000-000000000002";
export const sampleTime = "2026-03-01T06:00:00.000Z";

export const sampleTrainingSet: TrainingSet = {
  view: "departures",
  viewDigest: digestOf("e"),
  label: "delayed",
  features: [
    { name: "hour", sql: "hour(date)", kind: "number" },
    { name: "origin", sql: "origin", kind: "category" },
  ],
  inputColumns: [
    { name: "date", type: "timestamp" },
    { name: "origin", type: "string" },
  ],
  train: sampleParquet,
  validation: sampleParquet,
  holdout: sampleParquet,
  rowCounts: { train: 7000, validation: 1500, holdout: 1500 },
  datasetVersions: [sampleDatasetVersion],
};

export const sampleServableModel: ServableModel = {
  model: sampleModel,
  task: "binary",
  label: "delayed",
  classes: ["false", "true"],
  features: sampleTrainingSet.features,
  inputColumns: sampleTrainingSet.inputColumns,
};
