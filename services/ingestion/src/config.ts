import { tmpdir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { numberSetting, setting } from "@cascade/service-kit";
import { z } from "zod";

const positive = (value: number, max = Number.MAX_SAFE_INTEGER) =>
  numberSetting(z.int().positive().max(max)).default(value);
const gibibyte = 1024 ** 3;

const folders = z
  .string()
  .default("")
  .transform((text) => text.split(delimiter).filter((folder) => folder !== ""))
  .refine((list) => list.every(isAbsolute), `must be absolute paths, separated by "${delimiter}"`);

export const settings = {
  artifactsUrl: setting("CASCADE_ARTIFACTS_URL", z.string().min(1)),
  workDirectory: setting("CASCADE_WORK_DIRECTORY", z.string().min(1).default(join(tmpdir(), "cascade"))),
  /** Folders that files may be read from; any folder where none is named. */
  roots: setting("CASCADE_INGEST_ROOTS", folders),
  allowPrivateHosts: setting(
    "CASCADE_INGEST_ALLOW_PRIVATE_HOSTS",
    z.stringbool({ truthy: ["true"], falsy: ["false"] }).default(false),
  ),
  fetchTimeoutMs: setting("CASCADE_INGEST_FETCH_TIMEOUT_MS", positive(600_000)),
  /** How long a host may send nothing. */
  idleTimeoutMs: setting("CASCADE_INGEST_IDLE_TIMEOUT_MS", positive(30_000)),
  bytesMax: setting("CASCADE_INGEST_BYTES_MAX", positive(4 * gibibyte)),
  /** How many bytes a packed file may have unpacked for each of its own. */
  ratioMax: setting("CASCADE_INGEST_UNPACKED_RATIO_MAX", positive(200)),
  rowsMax: setting("CASCADE_INGEST_ROWS_MAX", positive(100_000_000)),
  /** More would not fit into the event that lists them. */
  columnsMax: setting("CASCADE_INGEST_COLUMNS_MAX", positive(1000, 2000)),
  processes: setting("CASCADE_TABULAR_PROCESSES", positive(2)),
  threads: setting("CASCADE_TABULAR_THREADS", positive(2)),
  memoryMiB: setting("CASCADE_TABULAR_MEMORY_MIB", positive(1024)),
  timeoutMs: setting("CASCADE_TABULAR_TIMEOUT_MS", positive(600_000)),
} as const;
