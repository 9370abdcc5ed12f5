import { tmpdir } from "node:os";
import { join } from "node:path";
import { numberSetting, setting } from "@cascade/service-kit";
import { z } from "zod";

const positive = (value: number) => numberSetting(z.int().positive()).default(value);
const mebibyte = 1024 * 1024;

export const settings = {
  artifactsUrl: setting("CASCADE_ARTIFACTS_URL", z.string().min(1)),
  workDirectory: setting("CASCADE_WORK_DIRECTORY", z.string().min(1).default(join(tmpdir(), "cascade"))),
  /** How long predictions wait for their labels, and labels for their predictions. */
  retentionHours: setting(
    "CASCADE_PREDICTION_RETENTION_HOURS",
    numberSetting(z.number().positive()).default(168),
  ),
  /** Predictions kept at most; the oldest go first. */
  predictionsMax: setting("CASCADE_PREDICTION_ROWS_MAX", positive(5_000_000)),
  housekeepingMs: setting("CASCADE_MONITORING_HOUSEKEEPING_MS", positive(600_000)),
  referenceBytesMax: setting("CASCADE_REFERENCE_BYTES_MAX", positive(16 * mebibyte)),
  /** Rows of one feedback batch at most; what is beyond goes into the next. */
  feedbackRowsMax: setting("CASCADE_FEEDBACK_ROWS_MAX", positive(100_000)),
  tableTimeoutMs: setting("CASCADE_TABULAR_TIMEOUT_MS", positive(300_000)),
  tableMemoryMiB: setting("CASCADE_TABULAR_MEMORY_MIB", positive(1024)),
} as const;
