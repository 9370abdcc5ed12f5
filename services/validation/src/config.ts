import { tmpdir } from "node:os";
import { join } from "node:path";
import { numberSetting, setting } from "@cascade/service-kit";
import { z } from "zod";

const positive = (value: number) => numberSetting(z.int().positive()).default(value);

export const settings = {
  artifactsUrl: setting("CASCADE_ARTIFACTS_URL", z.string().min(1)),
  workDirectory: setting("CASCADE_WORK_DIRECTORY", z.string().min(1).default(join(tmpdir(), "cascade"))),
  tableProcesses: setting("CASCADE_TABLE_PROCESSES", positive(2)),
  tableThreads: setting("CASCADE_TABLE_THREADS", positive(2)),
  tableMemoryMiB: setting("CASCADE_TABLE_MEMORY_MIB", positive(1024)),
  tableTimeoutMs: setting("CASCADE_TABLE_TIMEOUT_MS", positive(600_000)),
} as const;
