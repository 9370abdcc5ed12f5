import { tmpdir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { numberSetting, setting } from "@cascade/service-kit";
import { z } from "zod";

const positive = (value: number, max = Number.MAX_SAFE_INTEGER) =>
  numberSetting(z.int().positive().max(max)).default(value);
const gibibyte = 1024 ** 3;

const trueOrFalse = z.stringbool({ truthy: ["true"], falsy: ["false"] });

const folders = z
  .string()
  .default("")
  .transform((text) => text.split(delimiter).filter((folder) => folder !== ""))
  .refine((list) => list.every(isAbsolute), `must be absolute paths, separated by "${delimiter}"`);

const connections = z
  .string()
  .default("{}")
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: "custom", message: 'must be JSON such as {"warehouse": "postgres://…"}' });
      return z.NEVER;
    }
  })
  .pipe(
    z.record(
      z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "names must be slugs"),
      z.url({ protocol: /^postgres(ql)?$/, error: "must be postgres: addresses" }),
    ),
  );

export const settings = {
  artifactsUrl: setting("CASCADE_ARTIFACTS_URL", z.string().min(1)),
  workDirectory: setting("CASCADE_WORK_DIRECTORY", z.string().min(1).default(join(tmpdir(), "cascade"))),
  /** Folders that files may be read from; any folder where none is named. */
  roots: setting("CASCADE_INGEST_ROOTS", folders),
  allowPrivateHosts: setting("CASCADE_INGEST_ALLOW_PRIVATE_HOSTS", trueOrFalse.default(false)),
  /** Where S3-compatible buckets are; Amazon's where it is left out and a region or a key is set. */
  s3Endpoint: setting(
    "CASCADE_S3_ENDPOINT",
    z.url({ protocol: /^https?$/, error: "must be an http: or https: address" }).optional(),
  ),
  s3Region: setting(
    "CASCADE_S3_REGION",
    z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, "must be lower-case letters, digits and dashes")
      .optional(),
  ),
  s3AccessKeyId: setting("CASCADE_S3_ACCESS_KEY_ID", z.string().min(1).optional()),
  s3SecretAccessKey: setting("CASCADE_S3_SECRET_ACCESS_KEY", z.string().min(1).optional()),
  s3SessionToken: setting("CASCADE_S3_SESSION_TOKEN", z.string().min(1).optional()),
  s3PathStyle: setting("CASCADE_S3_PATH_STYLE", trueOrFalse.optional()),
  /** Whether the endpoint may be on a network of one's own; other hosts are not concerned. */
  s3PrivateEndpoint: setting("CASCADE_S3_PRIVATE_ENDPOINT", trueOrFalse.default(false)),
  s3Buckets: setting(
    "CASCADE_S3_BUCKETS",
    z
      .string()
      .default("")
      .transform((text) => text.split(",").map((bucket) => bucket.trim()))
      .transform((list) => list.filter((bucket) => bucket !== "")),
  ),
  /** Databases that pipelines may query, by the name that they call them. */
  postgres: setting("CASCADE_INGEST_POSTGRES", connections),
  queryTimeoutMs: setting("CASCADE_INGEST_QUERY_TIMEOUT_MS", positive(60_000)),
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
