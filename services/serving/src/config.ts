import { numberSetting, setting } from "@cascade/service-kit";
import { z } from "zod";

const positive = (value: number) => numberSetting(z.int().positive()).default(value);
const mebibyte = 1024 * 1024;

export const settings = {
  artifactsUrl: setting("CASCADE_ARTIFACTS_URL", z.string().min(1)),
  modelBytesMax: setting("CASCADE_MODEL_BYTES_MAX", positive(512 * mebibyte)),
  /** Threads inside one run of a model; more than one pays only for large batches. */
  modelThreads: setting("CASCADE_SERVING_MODEL_THREADS", positive(1)),
  /** What the child process that computes the features of one version may use. */
  transformMemoryMiB: setting("CASCADE_SERVING_TRANSFORM_MEMORY_MIB", positive(512)),
  transformTimeoutMs: setting("CASCADE_SERVING_TRANSFORM_TIMEOUT_MS", positive(10_000)),
  /** How long the rows of entities may take to be found. */
  lookupTimeoutMs: setting("CASCADE_SERVING_LOOKUP_TIMEOUT_MS", positive(1000)),
  rowsPerRequestMax: setting("CASCADE_SERVING_ROWS_PER_REQUEST_MAX", positive(1000)),
  /** Rows of several requests that one run answers together at most. */
  batchRowsMax: setting("CASCADE_SERVING_BATCH_ROWS_MAX", positive(4096)),
  /** How often a load is tried before it is reported as failed, and how long after it is tried again. */
  loadAttempts: setting("CASCADE_SERVING_LOAD_ATTEMPTS", positive(3)),
  loadRetryMs: setting("CASCADE_SERVING_LOAD_RETRY_MS", positive(10_000)),
  logFlushMs: setting("CASCADE_SERVING_LOG_FLUSH_MS", positive(200)),
  logPredictionsMax: setting("CASCADE_SERVING_LOG_PREDICTIONS_MAX", positive(20_000)),
  logBytesMax: setting("CASCADE_SERVING_LOG_BYTES_MAX", positive(32 * mebibyte)),
  windowMs: setting("CASCADE_SERVING_WINDOW_MS", positive(1000)),
  /** How often a replica without requests shows that it is there. */
  idleWindowMs: setting("CASCADE_SERVING_IDLE_WINDOW_MS", positive(10_000)),
} as const;
