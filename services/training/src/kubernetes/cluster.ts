import { type KubernetesApi, openKubernetesApi } from "./api.ts";
import type { JobOptions } from "./run-job.ts";

/** Where training programs of images run. */
export interface Cluster {
  readonly api: KubernetesApi;
  /** Where the volume claim is mounted in this service. */
  readonly directory: string;
  /** What programs get beside their contract; nothing of this machine's environment has a meaning there. */
  readonly environment: Readonly<Record<string, string>>;
  readonly settings: Pick<
    JobOptions,
    "claim" | "user" | "startTimeoutMs" | "keptSeconds" | "lookIntervalMs" | "outageMsMax" | "deleteTimeoutMs"
  >;
}

interface ClusterConfig {
  readonly kubernetesUrl: string;
  readonly kubernetesNamespace: string;
  readonly kubernetesTokenFile: string;
  readonly kubernetesCaFile: string;
  readonly kubernetesRequestTimeoutMs: number;
  readonly kubernetesClaim?: string | undefined;
  readonly kubernetesDirectory?: string | undefined;
  readonly kubernetesUser: number;
  readonly kubernetesStartTimeoutMs: number;
  readonly kubernetesKeptSeconds: number;
  readonly kubernetesLookIntervalMs: number;
  readonly kubernetesOutageMsMax: number;
  readonly kubernetesDeleteTimeoutMs: number;
  readonly trainerEnvironment: Readonly<Record<string, string>>;
}

/** There is none where no volume is shared with it. */
export function openCluster(config: ClusterConfig): Cluster | undefined {
  const { kubernetesClaim: claim, kubernetesDirectory: directory } = config;
  if (claim === undefined || directory === undefined) return undefined;
  return {
    api: openKubernetesApi({
      url: new URL(config.kubernetesUrl),
      namespace: config.kubernetesNamespace,
      tokenFile: config.kubernetesTokenFile,
      caFile: config.kubernetesCaFile,
      requestTimeoutMs: config.kubernetesRequestTimeoutMs,
    }),
    directory,
    environment: config.trainerEnvironment,
    settings: {
      claim,
      user: config.kubernetesUser,
      startTimeoutMs: config.kubernetesStartTimeoutMs,
      keptSeconds: config.kubernetesKeptSeconds,
      lookIntervalMs: config.kubernetesLookIntervalMs,
      outageMsMax: config.kubernetesOutageMsMax,
      deleteTimeoutMs: config.kubernetesDeleteTimeoutMs,
    },
  };
}
