import { tmpdir } from "node:os";
import { join } from "node:path";
import { numberSetting, setting } from "@cascade/service-kit";
import { z } from "zod";

const positive = (value: number) => numberSetting(z.int().positive()).default(value);
const mebibyte = 1024 * 1024;

export const settings = {
  artifactsUrl: setting("CASCADE_ARTIFACTS_URL", z.string().min(1)),
  workDirectory: setting("CASCADE_WORK_DIRECTORY", z.string().min(1).default(join(tmpdir(), "cascade"))),
  /** Rows that a model answers in one call. */
  batchRows: setting("CASCADE_EVALUATION_BATCH_ROWS", positive(50_000)),
  /** What a model may use for one batch; one that needs more fails its evaluation. */
  modelTimeoutMs: setting("CASCADE_MODEL_TIMEOUT_MS", positive(60_000)),
  modelMemoryMiB: setting("CASCADE_MODEL_MEMORY_MIB", positive(2048)),
  modelBytesMax: setting("CASCADE_MODEL_BYTES_MAX", positive(512 * mebibyte)),
  samplesBytesMax: setting("CASCADE_SAMPLES_BYTES_MAX", positive(4 * mebibyte)),
  tableTimeoutMs: setting("CASCADE_TABULAR_TIMEOUT_MS", positive(300_000)),
  tableMemoryMiB: setting("CASCADE_TABULAR_MEMORY_MIB", positive(2048)),
  /** How often rows are drawn from the holdout, to see how much the metrics depend on them; fewer where it is large. */
  drawsMax: setting("CASCADE_EVALUATION_DRAWS", positive(200)),
  /** Bins of a number in the reference for drift. */
  referenceBins: setting("CASCADE_REFERENCE_BINS", positive(10)),
} as const;
