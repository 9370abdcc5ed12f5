import { tmpdir } from "node:os";
import { join } from "node:path";
import { numberSetting, setting } from "@cascade/service-kit";
import { z } from "zod";

const positive = (value: number) => numberSetting(z.int().positive()).default(value);
const mebibyte = 1024 * 1024;

/** A JSON object in a variable, such as {"CUDA_VISIBLE_DEVICES": "0"}. */
const variables = z
  .string()
  .default("{}")
  .transform((text, context) => {
    try {
      const value: unknown = JSON.parse(text);
      return value;
    } catch {
      context.addIssue({ code: "custom", message: 'must be a JSON object, such as {"LANG": "C.UTF-8"}' });
      return z.NEVER;
    }
  })
  .pipe(
    z.record(
      z.string().regex(/^[A-Za-z_]\w*$/u),
      z.string().refine((text) => !text.includes("\u0000"), "no variable can hold a zero character"),
    ),
  );

export const settings = {
  artifactsUrl: setting("CASCADE_ARTIFACTS_URL", z.string().min(1)),
  workDirectory: setting("CASCADE_WORK_DIRECTORY", z.string().min(1).default(join(tmpdir(), "cascade"))),
  /** Where relative `training.trainer.directory` entries of pipelines start. */
  trainersDirectory: setting("CASCADE_TRAINERS_DIRECTORY", z.string().min(1).default(".")),
  // Of our own environment a training program gets these few, and what CASCADE_TRAINER_ENVIRONMENT lists.
  path: setting("PATH", z.string().optional()),
  home: setting("HOME", z.string().optional()),
  lang: setting("LANG", z.string().optional()),
  timeZone: setting("TZ", z.string().optional()),
  trainerEnvironment: setting("CASCADE_TRAINER_ENVIRONMENT", variables, { multiline: true }),
  /** How many runs are under way at once, over all replicas; further ones are queued. */
  runsMax: setting("CASCADE_RUNS_MAX", positive(8)),
  /** How many of them one replica carries out at a time. */
  runsPerReplicaMax: setting("CASCADE_RUNS_PER_REPLICA_MAX", positive(2)),
  cancellationLookIntervalMs: setting("CASCADE_CANCELLATION_LOOK_INTERVAL_MS", positive(500)),
  logBytesMax: setting("CASCADE_TRAINER_LOG_BYTES_MAX", positive(16 * mebibyte)),
  /** What a program may add to its working folder. */
  diskMiB: setting("CASCADE_TRAINER_DISK_MIB", positive(10_240)),
  processesMax: setting("CASCADE_TRAINER_PROCESSES_MAX", positive(1000)),
  killGraceMs: setting("CASCADE_TRAINER_KILL_GRACE_MS", positive(5000)),
  codeFilesMax: setting("CASCADE_TRAINER_CODE_FILES_MAX", positive(10_000)),
  codeBytesMax: setting("CASCADE_TRAINER_CODE_BYTES_MAX", positive(256 * mebibyte)),
  modelBytesMax: setting("CASCADE_MODEL_BYTES_MAX", positive(512 * mebibyte)),
  metricsBytesMax: setting("CASCADE_METRICS_BYTES_MAX", positive(mebibyte)),
  samplesBytesMax: setting("CASCADE_SAMPLES_BYTES_MAX", positive(4 * mebibyte)),
  inspectTimeoutMs: setting("CASCADE_MODEL_INSPECT_TIMEOUT_MS", positive(30_000)),
  inspectMemoryMiB: setting("CASCADE_MODEL_INSPECT_MEMORY_MIB", positive(1536)),
  /** How much of progress.jsonl is compared with other trials. */
  progressBytesMax: setting("CASCADE_TRAINER_PROGRESS_BYTES_MAX", positive(16 * mebibyte)),
  /** Trials of one run that this process has under way at once, whatever its pipeline asks for. */
  trialsParallelMax: setting("CASCADE_TRIALS_PARALLEL_MAX", positive(2)),
  // Where programs of images run, if anywhere: both of the first two are needed.
  kubernetesClaim: setting("CASCADE_KUBERNETES_CLAIM", z.string().min(1).optional()),
  /** Where that volume claim is mounted in this service. */
  kubernetesDirectory: setting("CASCADE_KUBERNETES_DIRECTORY", z.string().min(1).optional()),
  kubernetesUrl: setting(
    "CASCADE_KUBERNETES_URL",
    z.url({ protocol: /^https$/u }).default("https://kubernetes.default.svc"),
  ),
  kubernetesNamespace: setting("CASCADE_KUBERNETES_NAMESPACE", z.string().min(1).default("default")),
  kubernetesTokenFile: setting(
    "CASCADE_KUBERNETES_TOKEN_FILE",
    z.string().min(1).default("/var/run/secrets/kubernetes.io/serviceaccount/token"),
  ),
  kubernetesCaFile: setting(
    "CASCADE_KUBERNETES_CA_FILE",
    z.string().min(1).default("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"),
  ),
  /** The number of the user who programs run as, and whom their working folders belong to. */
  kubernetesUser: setting("CASCADE_KUBERNETES_USER", positive(1000)),
  kubernetesStartTimeoutMs: setting("CASCADE_KUBERNETES_START_TIMEOUT_MS", positive(900_000)),
  /** When the cluster removes a Job that has ended and that nobody has come back for. */
  kubernetesKeptSeconds: setting("CASCADE_KUBERNETES_KEPT_SECONDS", positive(86_400)),
  kubernetesLookIntervalMs: setting("CASCADE_KUBERNETES_LOOK_INTERVAL_MS", positive(2000)),
  kubernetesRequestTimeoutMs: setting("CASCADE_KUBERNETES_REQUEST_TIMEOUT_MS", positive(30_000)),
  kubernetesOutageMsMax: setting("CASCADE_KUBERNETES_OUTAGE_MS_MAX", positive(600_000)),
  kubernetesDeleteTimeoutMs: setting("CASCADE_KUBERNETES_DELETE_TIMEOUT_MS", positive(120_000)),
  progressIntervalMs: setting("CASCADE_TRAINER_PROGRESS_INTERVAL_MS", positive(250)),
} as const;
