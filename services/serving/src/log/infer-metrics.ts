import type { Kit } from "@cascade/service-kit";
import { Counter, Histogram } from "prom-client";

export interface InferMetrics {
  /** How long fetching, checking, loading and warming a model took. */
  loaded(seconds: number): void;
  observe(pipeline: string, version: number, seconds: number, failed: boolean): void;
}

/** The metrics of inference under the names that other servers of the Open Inference Protocol use. */
export function createInferMetrics(registry: Kit["registry"]): InferMetrics {
  const labelNames = ["model", "version"] as const;
  const registers = [registry];
  const success = new Counter({
    name: "model_infer_request_success",
    help: "Requests that a model version has answered.",
    labelNames,
    registers,
  });
  const failure = new Counter({
    name: "model_infer_request_failure",
    help: "Requests that a model version could not answer; those that callers got wrong are not counted.",
    labelNames,
    registers,
  });
  const duration = new Histogram({
    name: "model_infer_request_duration",
    help: "Seconds from the choice of the version to its answer.",
    labelNames,
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers,
  });
  const load = new Histogram({
    name: "cascade_model_load_seconds",
    help: "Time to fetch, check, load and warm a model.",
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers,
  });
  return {
    loaded: (seconds) => load.observe(seconds),
    observe: (pipeline, version, seconds, failed) => {
      const labels = { model: pipeline, version: String(version) };
      (failed ? failure : success).inc(labels);
      duration.observe(labels, seconds);
    },
  };
}
