import { tmpdir } from "node:os";
import { join } from "node:path";
import { numberSetting, setting } from "@cascade/service-kit";
import { z } from "zod";

const positive = (value: number) => numberSetting(z.int().positive()).default(value);

export const settings = {
  artifactsUrl: setting("CASCADE_ARTIFACTS_URL", z.string().min(1)),
  workDirectory: setting("CASCADE_WORK_DIRECTORY", z.string().min(1).default(join(tmpdir(), "cascade"))),
  processes: setting("CASCADE_TABULAR_PROCESSES", positive(2)),
  threads: setting("CASCADE_TABULAR_THREADS", positive(2)),
  memoryMiB: setting("CASCADE_TABULAR_MEMORY_MIB", positive(1024)),
  timeoutMs: setting("CASCADE_TABULAR_TIMEOUT_MS", positive(300_000)),
} as const;
