import { tmpdir } from "node:os";
import { join } from "node:path";
import { numberSetting, setting } from "@cascade/service-kit";
import { z } from "zod";

const positive = (value: number) => numberSetting(z.int().positive()).default(value);

export const settings = {
  pageSizeMax: setting("CASCADE_PAGE_SIZE_MAX", numberSetting(z.int().min(1).max(10_000)).default(200)),
  workDirectory: setting("CASCADE_WORK_DIRECTORY", z.string().min(1).default(join(tmpdir(), "cascade"))),
  /** Of the child process that looks at SQL. */
  memoryMiB: setting("CASCADE_TABULAR_MEMORY_MIB", positive(512)),
  timeoutMs: setting("CASCADE_TABULAR_TIMEOUT_MS", positive(60_000)),
};
