import { tmpdir } from "node:os";
import { join } from "node:path";
import { numberSetting, setting } from "@cascade/service-kit";
import { z } from "zod";

const positive = (value: number) => numberSetting(z.int().positive()).default(value);

export const settings = {
  artifactsUrl: setting("CASCADE_ARTIFACTS_URL", z.string().min(1)),
  workDirectory: setting("CASCADE_WORK_DIRECTORY", z.string().min(1).default(join(tmpdir(), "cascade"))),
  processes: setting("CASCADE_TABULAR_PROCESSES", positive(1)),
  threads: setting("CASCADE_TABULAR_THREADS", positive(2)),
  memoryMiB: setting("CASCADE_TABULAR_MEMORY_MIB", positive(1024)),
  timeoutMs: setting("CASCADE_TABULAR_TIMEOUT_MS", positive(300_000)),
  /** Of the bucket with the online rows, where the broker has none yet. */
  streamReplicas: setting("CASCADE_REPLICAS", numberSetting(z.int().min(1).max(5)).default(1)),
  onlineTimeoutMs: setting("CASCADE_ONLINE_ROWS_TIMEOUT_MS", positive(5000)),
  /** Online rows that are written at once. */
  onlineWritesMax: setting("CASCADE_ONLINE_ROWS_WRITES_MAX", positive(32)),
  /** How often the aggregates of one entity may change until all of its rows have left their windows. */
  onlineStepsMax: setting("CASCADE_ONLINE_ROWS_STEPS_MAX", positive(64)),
} as const;
