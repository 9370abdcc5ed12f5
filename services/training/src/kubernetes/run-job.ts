import { rm, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { ProgramResult } from "@cascade/sandbox";
import { z } from "zod";
import type { KubernetesApi } from "./api.ts";
import { KubernetesError, kubernetesErrors } from "./errors.ts";
import { type JobTask, jobLabels, jobManifest, jobName } from "./job-manifest.ts";
import { type EndedProgram, Job, judgeJob, Pod, type Verdict } from "./judge-job.ts";

/** A Job and how it is looked after. */
export interface JobOptions extends JobTask {
  readonly logFile: string;
  readonly logLimitBytes: number;
  readonly lookIntervalMs: number;
  /** How long the API server may be away while the Job runs. */
  readonly outageMsMax: number;
  readonly deleteTimeoutMs: number;
  readonly signal: AbortSignal;
  /** Whether the Job stays for the one who comes after us, by the signal's reason. */
  readonly staysAfter: (reason: unknown) => boolean;
}

/**
 * Runs a program as a Kubernetes Job: the one that is there already, or a new one. Ends as a program on this machine
 * does, and with the same words. When the promise resolves, the Job and its pod are gone, unless the Job stays for the
 * next one who runs it. Throws where the cluster has failed.
 */
export async function runJob(options: JobOptions, api: KubernetesApi): Promise<ProgramResult> {
  const startedAt = performance.now();
  const name = jobName(options);
  const result = (
    outcome: ProgramResult["outcome"],
    exitCode: number | null,
    log: string,
  ): ProgramResult => ({
    outcome,
    exitCode,
    signal: null,
    durationMs: Math.round(performance.now() - startedAt),
    peakMemoryMiB: outcome === "out-of-memory" ? options.memoryLimitMiB : 0,
    logTail: log.slice(-4096),
  });
  let verdict: EndedProgram;
  let log: string;
  try {
    await createOrAdopt(options, api);
    verdict = await untilEnded(options, api);
    log = verdict.state === "not-started" ? verdict.why : await fetchLog(options, api);
  } catch (error) {
    if (!options.signal.aborted) throw error;
    if (!options.staysAfter(options.signal.reason)) await deleteJob(name, options, api);
    return result("cancelled", null, "");
  }
  // In the place of whatever the program may have put there, and never through a link.
  await rm(options.logFile, { recursive: true, force: true });
  await writeFile(options.logFile, log, { flag: "wx", mode: 0o600 });
  await deleteJob(name, options, api);
  return result(verdict.state, verdict.state === "exited" ? verdict.exitCode : null, log);
}

/** Creating is idempotent by the name; a Job that is being deleted is waited for. */
async function createOrAdopt(options: JobOptions, api: KubernetesApi): Promise<void> {
  const { signal } = options;
  const name = jobName(options);
  for (;;) {
    const call = { method: "POST", path: "jobs", body: jobManifest(options) } as const;
    const { status } = await api.jobs(call, [201, 409], signal);
    if (status === 201) return;
    const job = await findJob(name, api, signal);
    if (job === undefined) continue;
    const labels = Object.entries(jobLabels(options));
    if (!labels.every(([label, value]) => job.metadata.labels[label] === value)) {
      throw kubernetesErrors.nameTaken(name);
    }
    if (job.metadata.deletionTimestamp === undefined) return;
    await untilGone(name, options, api, signal);
  }
}

const outages: ReadonlySet<string> = new Set(["KUBERNETES_UNREACHABLE", "KUBERNETES_REFUSED"]);

/** Looks again and again, rather than watching: a look needs no place to resume from after an outage. */
async function untilEnded(options: JobOptions, api: KubernetesApi): Promise<EndedProgram> {
  const { signal, lookIntervalMs, outageMsMax } = options;
  const name = jobName(options);
  let answeredAt = performance.now();
  for (;;) {
    try {
      const job = await findJob(name, api, signal);
      if (job === undefined || job.metadata.deletionTimestamp !== undefined)
        throw kubernetesErrors.gone(name);
      const verdict: Verdict = judgeJob(job, await findPod(name, api, signal));
      answeredAt = performance.now();
      if (verdict.state === "interrupted") {
        await deleteJob(name, options, api);
        throw kubernetesErrors.interrupted(name, verdict.why);
      }
      if (hasEnded(verdict)) return verdict;
    } catch (error) {
      // An API server that has just come back refuses everybody until it has read their rights.
      const isOutage = error instanceof KubernetesError && outages.has(error.code);
      if (!isOutage || performance.now() - answeredAt > outageMsMax) throw error;
    }
    await delay(lookIntervalMs, undefined, { signal });
  }
}

function hasEnded(verdict: Verdict): verdict is EndedProgram {
  return verdict.state !== "waiting" && verdict.state !== "running" && verdict.state !== "interrupted";
}

async function findJob(name: string, api: KubernetesApi, signal?: AbortSignal): Promise<Job | undefined> {
  const { status, text } = await api.jobs({ method: "GET", path: `jobs/${name}` }, [200, 404], signal);
  return status === 404 ? undefined : Job.parse(JSON.parse(text));
}

const Pods = z.object({ items: z.array(Pod) });

async function findPod(name: string, api: KubernetesApi, signal: AbortSignal): Promise<Pod | undefined> {
  const query = { labelSelector: `batch.kubernetes.io/job-name=${name}` };
  const { text } = await api.pods({ method: "GET", path: "pods", query }, [200], signal);
  return Pods.parse(JSON.parse(text)).items[0];
}

const noLog = "The pod was removed before its log could be read.\n";

/** The beginning of a log that is too long, as it is kept of a program on this machine. */
async function fetchLog(options: JobOptions, api: KubernetesApi): Promise<string> {
  const { signal, logLimitBytes } = options;
  const pod = await findPod(jobName(options), api, signal);
  if (pod === undefined) return noLog;
  const query = { container: "trainer", limitBytes: String(logLimitBytes + 1) };
  const call = { method: "GET", path: `pods/${pod.metadata.name}/log`, query } as const;
  const { status, text } = await api.pods({ ...call, bytesMax: logLimitBytes + 1 }, [200, 404], signal);
  if (status === 404) return noLog;
  if (Buffer.byteLength(text) <= logLimitBytes) return text;
  return `${Buffer.from(text).subarray(0, logLimitBytes).toString("utf8")}\nThe log is longer than ${logLimitBytes} bytes; the rest was not kept.\n`;
}

/** With all its pods. Somebody else may have been faster. */
async function deleteJob(name: string, options: JobOptions, api: KubernetesApi): Promise<void> {
  const query = { propagationPolicy: "Foreground" };
  await api.jobs({ method: "DELETE", path: `jobs/${name}`, query }, [200, 202, 404]);
  await untilGone(name, options, api);
}

async function untilGone(
  name: string,
  { deleteTimeoutMs, lookIntervalMs }: JobOptions,
  api: KubernetesApi,
  signal?: AbortSignal,
): Promise<void> {
  const giveUpAt = performance.now() + deleteTimeoutMs;
  while ((await findJob(name, api, signal)) !== undefined) {
    if (performance.now() > giveUpAt) throw kubernetesErrors.notDeleted(name, deleteTimeoutMs);
    await delay(lookIntervalMs, undefined, signal === undefined ? {} : { signal });
  }
}
