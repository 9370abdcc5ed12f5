import { PipelineSpec } from "./pipeline-spec.ts";

/** The pipeline that the golden samples of events speak of. */
export const examplePipeline: PipelineSpec = PipelineSpec.parse({
  pipeline: "flight-delays",
  data: {
    format: "parquet",
    columns: { date: "timestamp", origin: "string", distance: "number", delayed: "boolean" },
    eventTime: "date",
    label: "delayed",
  },
  features: {
    view: "departures",
    columns: { hour: "hour(date)", origin: "origin", distance: "distance" },
  },
  training: { task: "binary" },
  evaluation: {
    metric: "auc",
    gates: [
      { metric: "auc", min: 0.6 },
      { metric: "auc", beatsChampionBy: 0 },
    ],
  },
});
