import type { ProgramOptions, ProgramResult } from "@cascade/sandbox";
import type { Cluster } from "../kubernetes/cluster.ts";
import { KubernetesError } from "../kubernetes/errors.ts";
import { runJob } from "../kubernetes/run-job.ts";
import { EndedOnPurpose } from "./ended-on-purpose.ts";
import type { SharedFolder } from "./shared-folder.ts";

export interface ClusterProgram {
  readonly runId: string;
  readonly trial?: number | undefined;
  readonly image: string;
  readonly folderName: string;
  readonly options: ProgramOptions & { readonly signal: AbortSignal };
}

const staysAfter = (reason: unknown) => !(reason instanceof EndedOnPurpose);
// The Job is gone, and the next one is to begin with what the first began with.
const beginsAnew: ReadonlySet<string> = new Set(["KUBERNETES_JOB_INTERRUPTED", "KUBERNETES_JOB_GONE"]);

/** Runs a program of an image in the cluster, with the limits that one on this machine has. */
export async function runInCluster(
  { runId, trial, image, folderName, options }: ClusterProgram,
  { api, settings }: Cluster,
  folder: SharedFolder,
): Promise<ProgramResult> {
  folder.keeps = true;
  try {
    const result = await runJob(
      {
        ...options,
        ...settings,
        runId,
        trial,
        image,
        command: [options.command, ...options.args],
        folder: folderName,
        staysAfter,
      },
      api,
    );
    folder.keeps = result.outcome === "cancelled" && staysAfter(options.signal.reason);
    return result;
  } catch (error) {
    folder.keeps = !(error instanceof KubernetesError && beginsAnew.has(error.code));
    throw error;
  }
}
